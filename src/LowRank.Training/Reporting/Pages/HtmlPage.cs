using System.Net;
using System.Text;

namespace LowRank.Training.Reporting.Pages;

/// <summary>
/// Writes an HTML document that needs nothing but itself: no link, no script, no foreign font. All text is escaped here and nowhere else.
/// </summary>
internal sealed class HtmlPage
{
    private const string Style = """
        :root { color-scheme: light dark; --page: #ffffff; --card: #f6f8fa; --text: #1f2328; --quiet: #57606a; --line: #d0d7de; }
        @media (prefers-color-scheme: dark) { :root { --page: #0d1117; --card: #161b22; --text: #e6edf3; --quiet: #9198a1; --line: #30363d; } }
        body { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.7rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
        p.quiet, figcaption { color: var(--quiet); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        caption { text-align: left; color: var(--quiet); padding-bottom: .4rem; }
        tbody th { font-weight: normal; } th, td { border-bottom: 1px solid var(--line); padding: .35rem .7rem; text-align: right; white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; } thead th { border-bottom-width: 2px; }
        td small { color: var(--quiet); }
        figure { margin: 1rem 0; } figure img { width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; }
        pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .7rem; overflow-x: auto; }
        """;

    private readonly StringBuilder body = new();
    private readonly string title;

    /// <summary>A page with its heading.</summary>
    public HtmlPage(string title)
    {
        this.title = title;
        body.Append("<h1>").Append(Escape(title)).Append("</h1>\n");
    }

    /// <summary>A heading below the title.</summary>
    public void Heading(string text) => body.Append("<h2>").Append(Escape(text)).Append("</h2>\n");

    /// <summary>A paragraph.</summary>
    public void Paragraph(string text, bool quiet = false) =>
        body.Append(quiet ? "<p class=\"quiet\">" : "<p>").Append(Escape(text)).Append("</p>\n");

    /// <summary>Text as it would be typed.</summary>
    public void Code(string text) => body.Append("<pre><code>").Append(Escape(text)).Append("</code></pre>\n");

    /// <summary>A table; the part of a cell after a line break is set smaller.</summary>
    public void Table(string caption, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        body.Append("<div class=\"scroll\"><table><caption>").Append(Escape(caption)).Append("</caption><thead><tr>");
        foreach (var cell in head)
            body.Append("<th scope=\"col\">").Append(Escape(cell)).Append("</th>");
        body.Append("</tr></thead><tbody>\n");
        foreach (var row in rows)
        {
            body.Append("<tr>");
            for (var column = 0; column < row.Count; column++)
                Cell(row[column], column == 0);
            body.Append("</tr>\n");
        }

        body.Append("</tbody></table></div>\n");
    }

    /// <summary>A picture in a light and a dark version, both carried in the page.</summary>
    public void Picture(string description, string lightSvg, string darkSvg) =>
        body.Append("<figure><picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"")
            .Append(DataUri(darkSvg))
            .Append("\">")
            .Append("<img alt=\"")
            .Append(Escape(description))
            .Append("\" src=\"")
            .Append(DataUri(lightSvg))
            .Append("\"></picture>")
            .Append("<figcaption>")
            .Append(Escape(description))
            .Append("</figcaption></figure>\n");

    /// <summary>The whole document.</summary>
    public override string ToString() =>
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        + $"<title>{Escape(title)}</title>\n<style>\n{Style}\n</style></head>\n<body>\n{body}</body></html>\n";

    private void Cell(string text, bool heading)
    {
        var parts = text.Split('\n', 2);
        body.Append(heading ? "<th scope=\"row\">" : "<td>").Append(Escape(parts[0]));
        if (parts.Length > 1)
            body.Append("<br><small>").Append(Escape(parts[1])).Append("</small>");
        body.Append(heading ? "</th>" : "</td>");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string DataUri(string svg) => "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg));
}
