using System.Text;

namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>Writes a sketch down as files.</summary>
internal static class SketchWriter
{
    // What odd values refer to.
    private const string Constants = """
        internal static class Constants
        {
            public const int Size = 4;
            public const double Real = 0.5;
            public const string Range = "1..";
            public static int Mutable = 4;
        }
        """;

    /// <summary>The files, each as the head that keeps it in its namespace and the rest, which may be damaged.</summary>
    public static IEnumerable<(string Head, string Body)> Write(Sketch sketch) =>
        Enumerable
            .Range(0, sketch.Files)
            .Select(file =>
            {
                var usings = string.Join("\n", sketch.Usings) + "\n";
                var assembly =
                    file == 0 ? string.Concat(sketch.AssemblyAttributes.Select(attribute => $"[assembly: {Text(attribute)}]\n")) : "";
                var classes =
                    string.Concat(sketch.Classes.Where((_, index) => index % sketch.Files == file).Select(Text))
                    + (file == 0 ? Constants + "\n" : "");
                if (sketch.HasBraces)
                    return (
                        assembly.Length == 0
                            ? $"namespace {sketch.Namespace}\n{{\n{usings}"
                            : $"{usings}{assembly}namespace {sketch.Namespace}\n{{\n",
                        classes + "}\n"
                    );
                return (usings + assembly + (sketch.Namespace.Length == 0 ? "" : $"namespace {sketch.Namespace};\n"), classes);
            });

    private static string Text(ClassSketch type)
    {
        var text = new StringBuilder();
        foreach (var header in type.Around)
            text.Append(header).Append("\n{\n");
        text.Append(Line(type.Documentation))
            .Append(Text(type.Attributes))
            .Append($"{type.Modifiers} {type.Keyword} {type.Name}{type.Rest}\n{{\n");
        foreach (var property in type.Properties)
            text.Append(Line(property.Documentation))
                .Append(Text(property.Attributes))
                .Append($"{property.Modifiers} {property.Type} {property.Name} {property.Accessors}\n");
        foreach (var member in type.Members)
            text.Append(member).Append('\n');
        text.Append("}\n");
        foreach (var _ in type.Around)
            text.Append("}\n");
        return text.ToString();
    }

    private static string Line(string documentation) => documentation.Length == 0 ? "" : documentation + "\n";

    private static string Text(List<AttributeSketch> attributes) => string.Concat(attributes.Select(attribute => $"[{Text(attribute)}]\n"));

    private static string Text(AttributeSketch attribute) =>
        attribute.Arguments.Count == 0
            ? attribute.Name
            : $"{attribute.Name}({string.Join(", ", attribute.Arguments.Select(argument => argument.Label + argument.Value))})";
}
