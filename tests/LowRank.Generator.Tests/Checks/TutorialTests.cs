using System.Text.RegularExpressions;
using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

/// <summary>The tutorial's model that is over its budget is so by what the page says.</summary>
public sealed partial class TutorialTests
{
    [Fact]
    public void A_design_over_its_budget_is_reported_as_shown_and_fits_with_the_fix()
    {
        var page = File.ReadAllText(Path.Combine(DocumentationLinkTests.Root(), "docs", "tutorial.md")).ReplaceLineEndings("\n");
        var (code, shown) = (Sample().Match(page).Groups["code"].Value, Error().Matches(page));
        var source = "using LowRank;\n" + code;
        var messages = GeneratorRun
            .Of(source)
            .Findings.Where(finding => finding.Id == "LRK0502")
            .Select(finding => Reported.Of(finding).Message)
            .ToList();
        Assert.Equal(2, messages.Count);
        Assert.Equal(2, shown.Count);
        foreach (Match error in shown)
        {
            // A long message is broken into lines, and the second one ends in dots.
            var text = error.Groups["message"].Value.Replace('\n', ' ').TrimEnd('…', ' ');
            Assert.Contains(messages, message => message.StartsWith(text, StringComparison.Ordinal));
        }

        var mended = source.Replace("rank: 96", "rank: 32", StringComparison.Ordinal);
        Assert.DoesNotContain(GeneratorRun.Of(mended).Findings, finding => finding.Id == "LRK0502");
    }

    [GeneratedRegex("^```cs\\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex("^error LRK0502: (?<message>.*?)(?=\\n(error|```))", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Error();
}
