using System.Composition;
using System.Globalization;
using LowRank.CodeFixes.Editing;
using LowRank.Generator.Checks;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>
/// Puts the value that a rule suggests in the place of the argument that it is for. Any rule has this fix by suggesting one.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SuggestedValueFix)), Shared]
public sealed class SuggestedValueFix() : Fix(AllIds)
{
    // Every id that a rule of the language can have, so that a new rule needs no change here.
    private static string[] AllIds =>
        [.. Enumerable.Range(1, 999).Select(number => "LRK" + number.ToString("0000", CultureInfo.InvariantCulture))];

    private protected override async Task<IEnumerable<CodeAction>> OffersAsync(
        CodeFixContext context,
        Diagnostic diagnostic,
        SyntaxNode node,
        SourceText text
    )
    {
        if (
            !diagnostic.Properties.TryGetValue(Finding.SuggestionProperty, out var suggestion)
            || suggestion is null
            || !diagnostic.Properties.TryGetValue(FindingProperties.Argument, out var argument)
            || argument is null
        )
        {
            return [];
        }

        var document = context.Document;
        // A value may be for another argument than the one that is underlined, in another file even.
        if (diagnostic.AdditionalLocations is [{ SourceTree: { } tree } elsewhere, ..])
        {
            if (document.Project.GetDocument(tree) is not { } other)
                return [];
            document = other;
            node = (await tree.GetRootAsync(context.CancellationToken).ConfigureAwait(false)).FindNode(elsewhere.SourceSpan);
        }

        return suggestion
            .Split(Suggestions.Separator)
            .Select((value, index) => (value, index, change: ArgumentEdits.Set(node, argument, value)))
            .Where(offer => offer.change is not null)
            .Select(offer =>
                Offer($"Change {argument} to {offer.value}", document, [offer.change!.Value], $"{diagnostic.Id}.{offer.index}")
            )
            .ToList();
    }
}
