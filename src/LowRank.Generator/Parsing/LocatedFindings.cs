using System.Collections.Immutable;
using LowRank.Generator.Checks;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>Gives findings their places in the source.</summary>
internal static class LocatedFindings
{
    /// <summary>What is found in one declaration, save for what concerns the assembly's attributes.</summary>
    public static IEnumerable<Diagnostic> Of(ParsedDeclaration parsed) =>
        FindingsOf(parsed).Where(finding => !finding.Target.IsAssembly).Select(finding => Locate(finding, parsed));

    /// <summary>What the declarations find in the assembly's attributes, each once however many find it.</summary>
    public static IEnumerable<Diagnostic> OfAssembly(ImmutableArray<ParsedDeclaration> all)
    {
        if (all.IsEmpty || (all[0].Declaration.AssemblyLowRanks.Count == 0 && all[0].Declaration.AssemblyLoras.Count == 0))
            return [];
        var findings = all.SelectMany(FindingsOf).Where(finding => finding.Target.IsAssembly).Distinct();
        // Of a model with errors it is not known what it selects.
        var unused = all.All(parsed => CheckedDeclaration.Of(parsed.Declaration).Model is not null) ? Unused(all) : [];
        return findings.Concat(unused).Select(finding => Locate(finding, all[0]));
    }

    /// <summary>What is worth knowing about the ranks of one declaration.</summary>
    public static IEnumerable<(Finding Finding, Diagnostic Diagnostic)> NotesOf(ParsedDeclaration parsed) =>
        Rules.Notes(parsed.Declaration, ShapeInference.Infer(parsed.Declaration)).Select(finding => (finding, Locate(finding, parsed)));

    private static IEnumerable<Finding> Unused(ImmutableArray<ParsedDeclaration> all)
    {
        var used = all.SelectMany(parsed => ShapeInference.Infer(parsed.Declaration).LowRanksInForce)
            .Select(lowRank => lowRank.Origin)
            .ToList();
        return all[0]
            .Declaration.AssemblyLowRanks.Where(lowRank => !used.Contains(lowRank.Origin))
            .Select(lowRank =>
                Finding.Of(
                    LowRankRules.AssemblySelectsNothing,
                    lowRank.Origin,
                    all.Length == 1 ? "its only model" : Finding.Text($"any of its {all.Length} models")
                )
            );
    }

    private static IEnumerable<Finding> FindingsOf(ParsedDeclaration parsed) =>
        Rules.Check(parsed.Declaration, ShapeInference.Infer(parsed.Declaration));

    private static Diagnostic Locate(Finding finding, ParsedDeclaration parsed) =>
        Diagnostic.Create(
            finding.Rule,
            parsed.Sources.Locate(finding.Target),
            finding.SuggestionFor is { } target ? [parsed.Sources.Locate(target)] : [],
            FindingProperties.Of(finding),
            finding.Arguments.ToArray<object>()
        );
}
