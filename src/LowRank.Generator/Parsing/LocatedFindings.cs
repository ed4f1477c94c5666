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
            finding.SuggestionFor is { } target ? [parsed.Sources.Locate(target)] : [],
            FindingProperties.Of(finding),
            finding.Arguments.ToArray<object>()));
}
