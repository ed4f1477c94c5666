using System.Globalization;
using System.Text;

namespace LowRank.Training.CommandLine.Diagrams;

/// <summary>The diagram in Mermaid's notation, which GitHub and many editors draw.</summary>
internal static class MermaidDiagram
{
    public static string Write(ModelDiagram diagram)
    {
        var text = new StringBuilder("flowchart TB\n");
        var stages = new List<string> { "tokens([tokens])" };
        for (var group = 0; group < diagram.Groups.Count; group++)
        {
            var (title, boxes) = diagram.Groups[group];
            var indent = title is null ? "  " : "    ";
            if (title is not null)
                text.Append(CultureInfo.InvariantCulture, $"  subgraph g{group}[\"{Escape(title)}\"]\n");
            var names = new List<string>();
            for (var box = 0; box < boxes.Count; box++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"g{group}b{box}");
                names.Add(name);
                string[] lines = [$"<b>{Escape(boxes[box].Name)}</b>", .. boxes[box].Lines.Select(Escape)];
                var mark = boxes[box].IsFactored ? ":::factored" : "";
                text.Append(CultureInfo.InvariantCulture, $"{indent}{name}[\"{string.Join("<br/>", lines)}\"]{mark}\n");
            }

            if (title is not null)
                text.Append("  end\n");
            if (diagram.IsParallel)
                stages.Add(string.Join(" & ", names));
            else
                stages.AddRange(names);
        }

        text.Append("  ").Append(string.Join(" --> ", stages)).Append(" --> logits([logits])\n");
        text.Append("  classDef factored stroke-width:3px\n");
        return text.ToString();
    }

    // Mermaid reads entities within quotes, and a name may hold what it would take for markup.
    private static string Escape(string text) =>
        text.Replace("&", "#amp;", StringComparison.Ordinal)
            .Replace("\"", "#quot;", StringComparison.Ordinal)
            .Replace("<", "#lt;", StringComparison.Ordinal)
            .Replace(">", "#gt;", StringComparison.Ordinal);
}
