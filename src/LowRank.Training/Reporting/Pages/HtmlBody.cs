using System.Globalization;
using System.Net;
using System.Text;
using LowRank.Training.Reporting.Charts;

namespace LowRank.Training.Reporting.Pages;

/// <summary>Writes what stands in the body of a document. All text is escaped here and nowhere else.</summary>
internal class HtmlBody
{
    private const int LongestFigure = 60;
    private const string TextStyle = "text";

    private readonly StringBuilder body = new();
    private int tables;

    /// <summary>With more columns the rows become lists on a narrow screen, one line a column.</summary>
    public int MostColumnsOfNarrowTables { get; init; } = 5;

    /// <summary>What the document is called, at its head.</summary>
    public void Title(string text) => Element("h1", text);

    /// <summary>A heading below the title.</summary>
    public void Heading(string text) => Element("h2", text);

    /// <summary>A heading below a heading.</summary>
    public void Subheading(string text) => Element("h3", text);

    /// <summary>A paragraph.</summary>
    public void Paragraph(string text, bool quiet = false) => Element("p", text, quiet ? "quiet" : null);

    /// <summary>Text as it would be typed.</summary>
    public void Code(string text) => body.Append("<pre><code>").Append(Escape(text)).Append("</code></pre>\n");

    /// <summary>An element that holds text alone.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">The text.</param>
    /// <param name="style">Its class; null for none.</param>
    public void Element(string name, string text, string? style = null)
    {
        Open(name, style is null ? [] : [("class", style)]);
        body.Append(Escape(text)).Append(CultureInfo.InvariantCulture, $"</{name}>\n");
    }

    /// <summary>A link; anything but one to a page of the web is text alone.</summary>
    public void Link(string address, string text)
    {
        if (!address.StartsWith("https://", StringComparison.Ordinal))
        {
            Element("span", text);
            return;
        }

        Open("a", ("href", address), ("rel", "noreferrer"), ("target", "_blank"));
        body.Append(Escape(text)).Append("</a>\n");
    }

    /// <summary>Begins an element that holds others.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attributes">Its attributes; an empty value is left out.</param>
    public void Open(string name, params (string Name, string Value)[] attributes)
    {
        body.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
        {
            body.Append(' ').Append(attribute);
            if (value.Length > 0)
                body.Append("=\"").Append(Escape(value)).Append('"');
        }

        body.Append('>');
    }

    /// <summary>Ends it.</summary>
    public void Close(string name) => body.Append("</").Append(name).Append(">\n");

    /// <summary>A table below its caption; the part of a cell after a line break is set smaller.</summary>
    public void Table(string caption, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows) =>
        Table(caption, head, rows.Select(row => new PageRow([.. row.Select(PageCell.Of)])));

    /// <summary>A table below its caption.</summary>
    /// <param name="caption">What has to be known to read it.</param>
    /// <param name="head">The headings.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="textColumn">The column, beside the first, that holds words; null for none.</param>
    public void Table(string caption, IReadOnlyList<string> head, IEnumerable<PageRow> rows, int? textColumn = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"table-{++tables}");
        var isWide = head.Count > MostColumnsOfNarrowTables;
        // The caption stands outside of what scrolls: else it is as wide as the table, and scrolls with it.
        body.Append(CultureInfo.InvariantCulture, $"<p class=\"caption\" id=\"{name}\">").Append(Escape(caption)).Append("</p>\n");
        body.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll\" role=\"region\" aria-labelledby=\"{name}\" tabindex=\"0\">");
        body.Append(CultureInfo.InvariantCulture, $"<table aria-describedby=\"{name}\"{(isWide ? " class=\"wide\"" : "")}><thead><tr>");
        for (var column = 0; column < head.Count; column++)
        {
            body.Append("<th scope=\"col\"").Append(Class(column == textColumn ? TextStyle : "")).Append('>');
            body.Append(Escape(head[column])).Append("</th>");
        }

        body.Append("</tr></thead><tbody>\n");
        foreach (var row in rows)
        {
            body.Append("<tr").Append(Class(Style(row.Mark))).Append('>');
            for (var column = 0; column < row.Cells.Count; column++)
                Cell(row.Cells[column], column == 0, column == textColumn, isWide ? head[column] : null);
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

    /// <summary>A picture of one version, no wider than it is by itself.</summary>
    /// <param name="description">What is to be seen.</param>
    /// <param name="svg">The picture.</param>
    public void Drawing(string description, string svg)
    {
        body.Append("<figure class=\"drawing\">");
        Open("img", ("alt", description), ("src", DataUri(svg)));
        body.Append("</figure>\n");
    }

    /// <summary>What has been written.</summary>
    public override string ToString() => body.ToString();

    /// <summary>Text within a document.</summary>
    protected static string Escape(string text) => WebUtility.HtmlEncode(text);

    private void Cell(PageCell cell, bool heading, bool words, string? label)
    {
        body.Append(heading ? "<th scope=\"row\"" : "<td");
        body.Append(Class(heading ? [] : [.. Kinds(cell, words), Style(cell.Mark)]));
        if (label is not null && !heading)
            body.Append(" data-label=\"").Append(Escape(label)).Append('"');
        body.Append("><span>").AppendJoin("<br>", cell.Text.Split('\n').Select(Escape)).Append("</span>");
        if (cell.Below is not null)
            body.Append("<small>").AppendJoin("<br>", cell.Below.Split('\n').Select(Escape)).Append("</small>");
        body.Append(heading ? "</th>" : "</td>");
    }

    // On a narrow screen a line that says nothing is left out; a sentence may take several lines.
    private static IEnumerable<string> Kinds(PageCell cell, bool words) =>
        [cell is { Text: "–", Below: null } ? "none" : "", words || cell.Length > LongestFigure ? TextStyle : ""];

    private static string Style(PageMark mark) => mark == PageMark.None ? "" : mark.ToString().ToLowerInvariant();

    private static string Class(params string[] names) =>
        string.Join(' ', names.Where(name => name.Length > 0)) is { Length: > 0 } all ? $" class=\"{all}\"" : "";

    private static string DataUri(string svg) => "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg));
}
