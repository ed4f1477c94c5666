using System.Text.RegularExpressions;

namespace LowRank.Training.Documents;

/// <summary>Names of Common Crawl's crawls, such as CC-MAIN-2024-10.</summary>
internal static partial class CrawlName
{
    /// <summary>The first one in a text, such as a path or a <c>warcinfo</c>; null if there is none.</summary>
    public static string? Within(string text) => Pattern().Match(text) is { Success: true } match ? match.Value : null;

    // Files of a crawl carry times of 14 digits in the place of a year and a week. The first crawls spanned two years.
    [GeneratedRegex(@"CC-MAIN-[0-9]{4}-(?:[0-9]{4}|[0-9]{2})(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
