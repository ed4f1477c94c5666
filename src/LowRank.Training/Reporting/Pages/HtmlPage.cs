using System.Globalization;
using System.Net;
using System.Text;
using LowRank.Training.Reporting.Charts;

namespace LowRank.Training.Reporting.Pages;

/// <summary>
/// Writes an HTML document that needs nothing but itself: no link, no script, no foreign font. All text is escaped here and nowhere else.
/// </summary>
internal sealed class HtmlPage
{
    // With more columns the rows become lists on a narrow screen, one line a column.
    private const int MostColumnsOfNarrowTables = 5;

    private const int LongestFigure = 60;

    private readonly StringBuilder body = new();
    private readonly string title;
    private int tables;

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

    /// <summary>A table below its caption; the part of a cell after a line break is set smaller.</summary>
    public void Table(string caption, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"table-{++tables}");
        var isWide = head.Count > MostColumnsOfNarrowTables;
        // The caption stands outside of what scrolls: else it is as wide as the table, and scrolls with it.
        body.Append(CultureInfo.InvariantCulture, $"<p class=\"caption\" id=\"{name}\">").Append(Escape(caption)).Append("</p>\n");
        body.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll\" role=\"region\" aria-labelledby=\"{name}\" tabindex=\"0\">");
        body.Append(CultureInfo.InvariantCulture, $"<table aria-describedby=\"{name}\"{(isWide ? " class=\"wide\"" : "")}><thead><tr>");
        foreach (var cell in head)
            body.Append("<th scope=\"col\">").Append(Escape(cell)).Append("</th>");
        body.Append("</tr></thead><tbody>\n");
        foreach (var row in rows)
        {
            body.Append("<tr>");
            for (var column = 0; column < row.Count; column++)
                Cell(row[column], column == 0, isWide ? head[column] : null);
            body.Append("</tr>\n");
        }

        body.Append("</tbody></table></div>\n");
    }

    /// <summary>A chart in all its versions, carried in the page; its caption is its title.</summary>
    public void Picture(PagePicture picture)
    {
        body.Append("<figure><picture>");
        Source($"(prefers-color-scheme: dark) and {PageStyle.NarrowScreen}", picture.NarrowDark);
        Source(PageStyle.NarrowScreen, picture.NarrowLight);
        Source("(prefers-color-scheme: dark)", picture.Dark);
        body.Append("<img alt=\"").Append(Escape(picture.Title)).Append("\" src=\"").Append(DataUri(picture.Light)).Append("\"></picture>");
        body.Append("<figcaption>").Append(Escape(picture.Title)).Append("</figcaption></figure>\n");

        void Source(string media, string svg) =>
            body.Append("<source media=\"").Append(media).Append("\" srcset=\"").Append(DataUri(svg)).Append("\">");
    }

    /// <summary>The whole document.</summary>
    public override string ToString() =>
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        + $"<title>{Escape(title)}</title>\n<style>\n{PageStyle.Text}\n</style></head>\n<body>\n{body}</body></html>\n";

    private void Cell(string text, bool heading, string? label)
    {
        var parts = text.Split('\n', 2);
        if (heading)
            body.Append("<th scope=\"row\">");
        else
            body.Append("<td").Append(Class(text)).Append(label is null ? ">" : $" data-label=\"{Escape(label)}\">");
        body.Append("<span>").Append(Escape(parts[0])).Append("</span>");
        if (parts.Length > 1)
            body.Append("<small>").Append(Escape(parts[1])).Append("</small>");
        body.Append(heading ? "</th>" : "</td>");
    }

    // On a narrow screen a line that says nothing is left out; a sentence may take several lines.
    private static string Class(string text) =>
        text == "–" ? " class=\"none\""
        : text.Length > LongestFigure ? " class=\"text\""
        : "";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string DataUri(string svg) => "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg));
}
