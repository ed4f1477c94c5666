namespace LowRank.Training.Reporting.Pages;

/// <summary>Writes an HTML document that needs nothing but itself: no link, no script, no foreign font.</summary>
internal sealed class HtmlPage : HtmlBody
{
    private readonly string title;

    /// <summary>A page with its heading.</summary>
    public HtmlPage(string title)
    {
        this.title = title;
        Title(title);
    }

    /// <summary>The whole document.</summary>
    public override string ToString() =>
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        + $"<title>{Escape(title)}</title>\n<style>\n{PageStyle.Text}\n</style></head>\n<body>\n{base.ToString()}</body></html>\n";
}
