using System.Collections.Immutable;
using LowRank.Generator.Checks;
using LowRank.Generator.Checks.Transformers;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>Gives findings their places in the source.</summary>
internal static class LocatedFindings
{
    /// <summary>What is found in, or noted of, one declaration, save for what concerns the assembly's attributes.</summary>
    public static IEnumerable<Diagnostic> Of(IEnumerable<Finding> findings, SourceMap sources) =>
        findings.Where(finding => !finding.Target.IsAssembly).Select(finding => Locate(finding, sources));

    /// <summary>What the declarations find in the assembly's attributes, each once however many find it.</summary>
    public static IEnumerable<Diagnostic> OfAssembly(ImmutableArray<Parsed<TransformerDeclaration>> all)
    {
        if (all.IsEmpty || (all[0].Declaration.AssemblyLowRanks.Count == 0 && all[0].Declaration.AssemblyLoras.Count == 0))
            return [];
        var findings = all.SelectMany(parsed => TransformerChecks.Rules.FindingsOf(parsed.Declaration))
            .Concat(all.SelectMany(parsed => TransformerChecks.NotesOf(parsed.Declaration)))
            .Where(finding => finding.Target.IsAssembly)
            .Distinct();
        // Of a model with errors it is not known what it selects.
        var models = all.Select(parsed => TransformerChecks.Rules.Check(parsed.Declaration).Costed?.Model).ToList();
        var unused = models.Contains(null) ? [] : Unused(all[0].Declaration.AssemblyLowRanks, models!);
        return findings.Concat(unused).Select(finding => Locate(finding, all[0].Sources));
    }

    private static IEnumerable<Finding> Unused(EquatableArray<LowRankOptions> lowRanks, List<TransformerModel> models)
    {
        var used = models.SelectMany(model => model.LowRanksInForce).Select(lowRank => lowRank.Origin).ToList();
        return lowRanks
            .Where(lowRank => !used.Contains(lowRank.Origin))
            .Select(lowRank =>
                Finding.Of(
                    LowRankRules.AssemblySelectsNothing,
                    lowRank.Origin,
                    models.Count == 1 ? "its only model" : Finding.Text($"any of its {models.Count} models")
                )
            );
    }

    private static Diagnostic Locate(Finding finding, SourceMap sources) =>
        Diagnostic.Create(
            finding.Rule,
            sources.Locate(finding.Target),
            finding.SuggestionFor is { } target ? [sources.Locate(target)] : [],
            FindingProperties.Of(finding),
            finding.Arguments.ToArray<object>()
        );
}
