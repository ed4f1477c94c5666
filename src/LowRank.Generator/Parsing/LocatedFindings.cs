using System.Collections.Immutable;
using LowRank.Generator.Checks;
using LowRank.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>Gives findings their places in the source.</summary>
internal static class LocatedFindings
{
    public static IEnumerable<Diagnostic> Of(ParsedDeclaration parsed) =>
        Rules.Check(parsed.Declaration, ShapeInference.Infer(parsed.Declaration)).Select(finding => Diagnostic.Create(
            finding.Rule,
            parsed.Sources.Locate(finding.Target),
            finding.RankTarget is { } rank ? [parsed.Sources.Locate(rank)] : null,
            Properties(finding),
            finding.Arguments.ToArray<object>()));

    private static ImmutableDictionary<string, string?> Properties(Finding finding)
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        if (finding.Suggestion is { } suggestion)
            properties = properties.Add(Finding.SuggestionProperty, suggestion);
        if (finding.RankThatFits is { } rank)
            properties = properties.Add(Finding.RankThatFitsProperty, rank);
        return properties;
    }
}
