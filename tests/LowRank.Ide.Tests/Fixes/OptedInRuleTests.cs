using System.Collections.Immutable;
using LowRank.CodeFixes.Fixes;
using LowRank.Generator.Checks;
using LowRank.Generator.Parsing;
using LowRank.Ide.Tests.Workspaces;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.Ide.Tests.Fixes;

/// <summary>A rule that the fixes know nothing of: it has a fix by what its diagnostic carries.</summary>
public sealed class OptedInRuleTests
{
    // A rule of the test's own, which is never released.
#pragma warning disable RS2008
    private static readonly DiagnosticDescriptor Rule = new(
        "LRK0599",
        "Any rule",
        "Any message",
        "Any",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );
#pragma warning restore RS2008

    [Fact]
    public async Task A_value_for_another_argument_is_put_there() =>
        Assert.Contains(
            "[FeedForward(256), LowRank(rank: 32)]",
            await FixAsync(
                "[FeedForward(256), LowRank(rank: 40)]",
                at: "Transformer(",
                elsewhere: "rank: 40",
                argument: "rank",
                value: "32"
            ),
            StringComparison.Ordinal
        );

    [Theory]
    // A property goes to the end, a parameter in front of the properties.
    [InlineData("LowRank(16)", "Layers", "\"1..\"", "LowRank(16, Layers = \"1..\")")]
    [InlineData("LowRank(16, Layers = \"1..\")", "phaseOut", "0.5", "LowRank(16, phaseOut: 0.5, Layers = \"1..\")")]
    [InlineData("LowRank(Layers = \"1..\")", "rank", "16", "LowRank(rank: 16, Layers = \"1..\")")]
    [InlineData("LowRank()", "rank", "16", "LowRank(rank: 16)")]
    [InlineData("LowRank", "rank", "16", "LowRank(rank: 16)")]
    public async Task A_value_for_an_argument_that_is_left_out_is_added(string attribute, string argument, string value, string expected) =>
        Assert.Contains(
            $"[FeedForward(256), {expected}]",
            await FixAsync($"[FeedForward(256), {attribute}]", at: attribute, elsewhere: null, argument, value),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_diagnostic_that_suggests_nothing_has_no_fix() =>
        Assert.Empty(await OffersAsync(UserProject.Of(Source.Model()), "Transformer(", null, ImmutableDictionary<string, string?>.Empty));

    private static async Task<string> FixAsync(string feedForward, string at, string? elsewhere, string argument, string value)
    {
        var document = UserProject.Of(Source.Model(feedForward: feedForward));
        var properties = ImmutableDictionary<string, string?>
            .Empty.Add(Finding.SuggestionProperty, value)
            .Add(FindingProperties.Argument, argument);
        var offer = Assert.Single(await OffersAsync(document, at, elsewhere, properties));
        Assert.Equal($"Change {argument} to {value}", offer.Title);
        var changed = Assert
            .IsType<ApplyChangesOperation>(Assert.Single(await offer.GetOperationsAsync(CancellationToken.None)))
            .ChangedSolution;
        return (await changed.GetDocument(document.Id)!.GetTextAsync()).ToString();
    }

    private static async Task<List<CodeAction>> OffersAsync(
        Document document,
        string at,
        string? elsewhere,
        ImmutableDictionary<string, string?> properties
    )
    {
        var tree = (await document.GetSyntaxTreeAsync())!;
        Location[] others = elsewhere is null ? [] : [LocationOf(elsewhere)];
        var diagnostic = Diagnostic.Create(Rule, LocationOf(at), others, properties);
        var offers = new List<CodeAction>();
        var provider = new SuggestedValueFix();
        Assert.Contains(Rule.Id, provider.FixableDiagnosticIds);
        await provider.RegisterCodeFixesAsync(
            new CodeFixContext(document, diagnostic, (action, _) => offers.Add(action), CancellationToken.None)
        );
        return offers;

        Location LocationOf(string text) =>
            Location.Create(tree, new TextSpan(tree.ToString().LastIndexOf(text, StringComparison.Ordinal), text.Length));
    }
}
