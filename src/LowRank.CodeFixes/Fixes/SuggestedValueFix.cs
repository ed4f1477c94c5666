using System.Composition;
using System.Globalization;
using LowRank.CodeFixes.Editing;
using LowRank.Generator.Checks;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>
/// Puts the value that a rule suggests in the place of the argument that it is for, or removes an argument that says nothing. Any rule has
/// this fix by suggesting either.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SuggestedValueFix)), Shared]
public sealed class SuggestedValueFix() : Fix(AllIds)
{
    // Every id that a rule of the language can have, so that a new rule needs no change here.
    private static string[] AllIds =>
        [.. Enumerable.Range(1, 999).Select(number => "LRK" + number.ToString("0000", CultureInfo.InvariantCulture))];

    // A value may be for another argument than the one that is underlined, in another file even.
    private protected override Task<Place?> PlaceAsync(Project project, Diagnostic diagnostic, CancellationToken cancellation) =>
        Place.OfAsync(
            project,
            diagnostic.AdditionalLocations is [{ SourceTree: not null } elsewhere, ..] ? elsewhere : diagnostic.Location,
            cancellation
        );

    private protected override IEnumerable<Offer> Offers(Diagnostic diagnostic, Place place)
    {
        if (diagnostic.Properties.TryGetValue(FindingProperties.Argument, out var argument) && argument is not null)
        {
            return ValuesOf(diagnostic)
                .Select((value, index) => (value, index, change: Set(place, argument, value)))
                .Where(offer => offer.change is not null)
                .Select(offer => new Offer(
                    $"Change {argument} to {offer.value}",
                    place.Document,
                    [offer.change!.Value],
                    $"{diagnostic.Id}.{offer.index}"
                ))
                .Concat(Removals(diagnostic, place, argument));
        }

        // A suggestion for no argument is for the whole attribute.
        return place.Node.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute
            ? ValuesOf(diagnostic)
                .Select(value => LibraryNames.Attribute(value, place.Model, attribute.SpanStart))
                .Select(value => new Offer($"Change to [{value}]", place.Document, [new(attribute.Span, value)], diagnostic.Id))
            : [];
    }

    private static IEnumerable<Offer> Removals(Diagnostic diagnostic, Place place, string argument)
    {
        if (
            diagnostic.Properties.ContainsKey(FindingProperties.Removable)
            && place.Node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { } written
        )
            yield return new($"Remove {argument}", place.Document, [ArgumentEdits.Remove(written)], diagnostic.Id + ".Remove");
    }

    private static string[] ValuesOf(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(Finding.SuggestionProperty, out var suggestion) && suggestion is not null
            ? suggestion.Split(Suggestions.Separator)
            : [];

    private static TextChange? Set(Place place, string argument, string value) =>
        ArgumentEdits.Set(place.Node, argument, LibraryNames.Value(value, place.Model, place.Node.SpanStart));
}
