using System.Text.RegularExpressions;
using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Golden;

/// <summary>Every architecture of docs/architectures.md compiles as it stands there, and has the parameters that were published.</summary>
public sealed partial class ArchitecturePageTests
{
    // The entries of the golden files that a section's sizes are those of.
    private static readonly Dictionary<string, (string File, string Name)> Published = new(StringComparer.Ordinal)
    {
        ["GPT-2"] = ("published-models.json", "GPT-2"),
        ["GPT-Neo"] = ("newer-models.json", "GPT-Neo-125M"),
        ["Pythia"] = ("published-models.json", "Pythia-160M"),
        ["LLaMA 3.2"] = ("newer-models.json", "Llama-3.2-1B"),
        ["Mistral"] = ("published-models.json", "Mistral-7B-v0.1"),
        ["Phi-3"] = ("newer-models.json", "Phi-3-mini-4k"),
        ["Qwen3"] = ("published-models.json", "Qwen3-0.6B"),
        ["Gemma 2"] = ("newer-models.json", "Gemma-2-2B"),
        ["Gemma 3"] = ("newer-models.json", "Gemma-3-1B"),
        ["OLMo 2"] = ("newer-models.json", "OLMo-2-1B"),
        ["Mixtral"] = ("newer-models.json", "Mixtral-8x7B"),
        ["DeepSeek-V2-Lite"] = ("newer-models.json", "DeepSeek-V2-Lite"),
    };

    private static readonly string Page = File.ReadAllText(Path.Combine(Checks.DocumentationLinkTests.Root(), "docs", "architectures.md"))
        .ReplaceLineEndings("\n");

    private static readonly Dictionary<string, string> Sections = Section()
        .Matches(Page)
        .ToDictionary(match => match.Groups["title"].Value, match => match.Groups["code"].Value, StringComparer.Ordinal);

    public static TheoryData<string> Titles => [.. Sections.Keys];

    [Theory]
    [MemberData(nameof(Titles))]
    public void It_compiles_and_has_the_published_parameters(string title)
    {
        var run = GeneratorRun.Of(Documented(Sections[title])).AssertClean();
        if (!Published.TryGetValue(title, out var published))
            return;
        var model = GoldenFile.Entry(published.File, "models", published.Name);
        var name = ClassName().Match(Sections[title]).Groups[1].Value;
        Assert.Equal(model.GetProperty("parameters").GetInt64(), run.Constant(name + "+Cost", "Parameters"));
        if (model.TryGetProperty("active", out var active))
            Assert.Equal(active.GetInt64(), run.Constant(name + "+Cost", "ActiveParameters"));
    }

    [Fact]
    public void The_table_says_which_are_exact_and_leads_to_each()
    {
        var rows = Row().Matches(Page).Select(match => (Anchor: match.Groups["anchor"].Value, Exact: match.Groups["exact"].Value)).ToList();
        var headings = Heading().Matches(Page).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(headings.Select(AnchorOf), rows.Select(row => row.Anchor));
        Assert.Equal(Published.Keys.Select(AnchorOf).Order(), rows.Where(row => row.Exact == "yes").Select(row => row.Anchor).Order());
    }

    // As GitHub makes them.
    private static string AnchorOf(string heading) =>
        string.Concat(heading.ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-')).Replace(' ', '-');

    private static string Documented(string source) =>
        source
            .Replace("    [Attention", "    /// <summary>A sublayer.</summary>\n    [Attention", StringComparison.Ordinal)
            .Replace("    [FeedForward", "    /// <summary>A sublayer.</summary>\n    [FeedForward", StringComparison.Ordinal)
            .Replace("[Transformer(", "/// <summary>A model.</summary>\n[Transformer(", StringComparison.Ordinal);

    [GeneratedRegex(@"^## (?<title>[^\n]+)\n\n```csharp\n(?<code>.*?)```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^## ([^\n]+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\| \[[^\]]+\]\(#(?<anchor>[^)]+)\) \|[^|]*\| ?(?<exact>[^|]*?) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"partial class (\w+)")]
    private static partial Regex ClassName();
}
