using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace LowRank.Generator.Tests.Checks;

/// <summary>A reader who follows a link of README or docs arrives somewhere.</summary>
public sealed partial class DocumentationLinkTests
{
    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading_that_are_there()
    {
        var dead = new List<string>();
        foreach (var page in Pages())
        {
            foreach (Match link in Link().Matches(Prose(File.ReadAllText(page))))
            {
                var (path, anchor) = (link.Groups["path"].Value, link.Groups["anchor"].Value);
                var target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
                if (!File.Exists(target) && !Directory.Exists(target))
                    dead.Add($"{Named(page)}: there is no {path}");
                else if (anchor.Length > 0 && target.EndsWith(".md", StringComparison.Ordinal) && !Anchors(target).Contains(anchor))
                    dead.Add($"{Named(page)}: {Named(target)} has no heading #{anchor}");
            }
        }

        Assert.True(dead.Count == 0, string.Join('\n', dead));
    }

    [Fact]
    public void Every_place_that_the_architecture_names_is_there()
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "architecture.md"));
        string[] places = [.. Place().Matches(text).Select(place => place.Groups["path"].Value).Distinct(StringComparer.Ordinal)];
        Assert.True(places.Length > 20, $"Only {places.Length} places were found.");
        Assert.All(places, place => Assert.True(Path.Exists(Path.Combine(Root(), place)), place));
    }

    private static IEnumerable<string> Pages() =>
        Directory
            .EnumerateFiles(Path.Combine(Root(), "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Root(), "*.md"))
            .Order(StringComparer.Ordinal);

    // GitHub's: lower case, spaces become hyphens, other marks are left out.
    private static HashSet<string> Anchors(string page) =>
        [
            .. Heading()
                .Matches(Prose(File.ReadAllText(page)))
                .Select(heading => NoAnchor().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-')),
        ];

    private static string Prose(string page) => Fence().Replace(page.ReplaceLineEndings("\n"), "");

    private static string Named(string path) => Path.GetRelativePath(Root(), path);

    internal static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#\s]*)(#(?<anchor>[^)\s]*))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    // A folder or a file of the repository, without wildcards.
    [GeneratedRegex(@"`(?<path>(src|tests|benchmarks)/[\w./-]+)`")]
    private static partial Regex Place();
}
