using System.Globalization;
using System.Net;
using System.Text;

namespace LowRank.Training.CommandLine.Diagrams;

/// <summary>The diagram as a picture, light or dark as its reader's system is.</summary>
internal static class SvgDiagram
{
    private const int LetterWidth = 7;
    private const int LineHeight = 18;
    private const int Padding = 10;
    private const int Gap = 22;

    private const string Style = """
        <style>
          svg { font: 13px system-ui, sans-serif; } text { fill: #1f2328; } .name { font-weight: 600; } .quiet { fill: #57606a; }
          .box { fill: #f6f8fa; stroke: #8c959f; } .factored { fill: #ddf4ff; stroke: #0969da; stroke-width: 2; }
          .group { fill: none; stroke: #8c959f; stroke-dasharray: 4 3; } .flow { stroke: #57606a; fill: none; }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; } .quiet { fill: #9198a1; } .box { fill: #161b22; stroke: #656c76; }
            .factored { fill: #0c2d4d; stroke: #4493f8; } .group { stroke: #656c76; } .flow { stroke: #9198a1; }
          }
        </style>
        """;

    public static string Write(ModelDiagram diagram)
    {
        var boxes = diagram.Groups.SelectMany(group => group.Boxes).ToList();
        // As wide as the longest line: a letter of this font is narrower on average.
        var longest = boxes.SelectMany(box => box.Lines.Append(box.Name)).Select(line => line.Length).DefaultIfEmpty(0).Max();
        var inner = Math.Max(160, longest * LetterWidth) + 2 * Padding;
        var width = inner + 4 * Padding;
        var body = new StringBuilder();
        var y = Padding;
        Line("tokens", "quiet");
        foreach (var group in diagram.Groups)
        {
            Arrow();
            var top = y;
            if (group.Title is not null)
            {
                y += Padding / 2;
                Line(group.Title, "quiet");
                y += Padding / 2;
            }

            for (var index = 0; index < group.Boxes.Count; index++)
            {
                // Their outputs are added, where none reads another's.
                if (index > 0 && diagram.IsParallel)
                    Line("+", "quiet");
                else if (index > 0)
                    Arrow();
                Box(group.Boxes[index]);
            }

            if (group.Title is null)
                continue;
            y += Padding;
            Rectangle("group", Padding, top, width - 2 * Padding, y - top);
        }

        Arrow();
        Line("logits", "quiet");
        y += Padding;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{y}\" viewBox=\"0 0 {width} {y}\" role=\"img\" aria-label=\"The model's parts from tokens to logits\">\n{Style}\n{body}</svg>\n"
        );

        void Box(DiagramBox box)
        {
            var height = (box.Lines.Count + 1) * LineHeight + Padding;
            Rectangle(box.IsFactored ? "box factored" : "box", 2 * Padding, y, inner, height);
            y += Padding / 2;
            Line(box.Name, "name");
            foreach (var line in box.Lines)
                Line(line, "line");
            y += Padding / 2;
        }

        void Arrow()
        {
            var (middle, end) = (width / 2, y + Gap);
            body.Append(CultureInfo.InvariantCulture, $"<path class=\"flow\" d=\"M{middle} {y + 3}V{end - 3}m-4 -5l4 5l4 -5\"/>\n");
            y = end;
        }

        void Line(string text, string kind)
        {
            y += LineHeight;
            body.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"{kind}\" x=\"{width / 2}\" y=\"{y - 5}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(text)}</text>\n"
            );
        }

        void Rectangle(string kind, int left, int top, int wide, int high) =>
            body.Append(
                CultureInfo.InvariantCulture,
                $"<rect class=\"{kind}\" x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{high}\" rx=\"6\"/>\n"
            );
    }
}
