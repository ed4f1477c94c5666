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
            finding.Suggestion is { } suggestion
                ? ImmutableDictionary<string, string?>.Empty.Add(Finding.SuggestionProperty, suggestion)
                : ImmutableDictionary<string, string?>.Empty,
            finding.Arguments.ToArray<object>()));
}
