using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using SmartReader;

namespace LowRank.Training.Documents;

/// <summary>
/// Takes the main text out of a page: without menus, footers and other boilerplate, as the reader view of a browser shows it (SmartReader,
/// after Mozilla's Readability). FineWeb has trafilatura do this, which decides differently on many pages.
/// </summary>
/// <remarks>
/// Nothing is fetched: the parser has no loader, and the reader is given a document instead of an address. Whether a page is read
/// depends on the page alone; what bounds the time are its elements, their depth and their attributes.
/// </remarks>
internal sealed class MainText
{
    public const string TooLarge = "page too large";
    public const string TooDeep = "page nested too deeply";
    public const string Nothing = "nothing readable";

    /// <summary>Common Crawl cuts pages at one to five MiB.</summary>
    public const int MostBytes = 8 << 20;

    /// <summary>Hardly a page of prose has as many, and the reader's time grows with their square.</summary>
    public const int MostElements = 10_000;

    /// <summary>Browsers stop at 512, pages hardly ever reach 100.</summary>
    public const int MostDepth = 256;

    /// <summary>The sum over all elements of how deep they are: the reader reads a text once more for each element around it.</summary>
    public const int MostDepths = 250_000;

    /// <summary>Each is compared with those before it.</summary>
    public const int MostAttributes = 500;

    /// <summary>Only the page's own addresses would be looked up relative to it.</summary>
    private const string Address = "http://page.invalid/";

    private readonly HtmlParser parser;
    private IElement? last;
    private int elements;
    private int depths;
    private int attributes;

    public MainText() =>
        parser = new HtmlParser(
            new HtmlParserOptions
            {
                SkipComments = true,
                SkipProcessingInstructions = true,
                DisableElementPositionTracking = true,
                OnCreated = (element, _) => Count(element),
                ShouldEmitAttribute = (ref _, _) => attributes++ < MostAttributes,
            }
        );

    /// <summary>The text of a page, a line for each paragraph; null if there is none, for <paramref name="reason"/>.</summary>
    public string? Read(string page, out string? reason)
    {
        (last, elements, depths, attributes) = (null, 0, 0, 0);
        IHtmlDocument? document = null;
        try
        {
            document = parser.ParseDocument(page);
            var text = Read(document);
            reason = string.IsNullOrEmpty(text) ? Nothing : null;
            return reason is null ? text : null;
        }
        catch (UnreadablePageException exception)
        {
            reason = exception.Message;
            return null;
        }
        finally
        {
            last = null;
            document?.Dispose();
        }
    }

    private static string? Read(IHtmlDocument document)
    {
        string? text = null;
        using var reader = new Reader(Address, document) { DisableJSONLD = true };
        reader.AddCustomOperationEnd(article => text = ElementText.Of(article));
        var article = reader.GetArticle();
        return article.IsReadable ? text : null;
    }

    /// <summary>Called as the parser goes, so that a page which is too much is given up at once.</summary>
    private void Count(IElement element)
    {
        attributes = 0;
        // The one before has found its place by now.
        var depth = 0;
        for (INode? node = last; node is not null; node = node.Parent)
        {
            if (++depth > MostDepth)
                throw new UnreadablePageException(TooDeep);
        }

        depths += depth;
        if (++elements > MostElements || depths > MostDepths)
            throw new UnreadablePageException(TooLarge);

        last = element;
    }

    private sealed class UnreadablePageException(string reason) : Exception(reason);
}
