using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>
/// Ranks are held to the rules of transformers: at least 1, at most the smaller side, below the break-even; and so are the options of
/// factors.
/// </summary>
internal sealed class LayerRankRule : IModuleRule
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration) =>
        RankOrRatioRule
            .Check(declaration.Body.LowRanks, declaration.Type.Name)
            .Concat(FactorOptionsRule.Check(declaration.Body.LowRanks, declaration.Type.Name))
            .Concat(
                declaration.Body.LowRanks.SelectMany(lowRank =>
                    RankRule.Check(lowRank, declaration.Type.Name, Selected(lowRank, declaration))
                )
            );

    // Of sizes that are themselves refused there is nothing to say.
    private static IEnumerable<(string Name, LinearModel Linear)> Selected(LowRankOptions lowRank, ModuleDeclaration declaration) =>
        declaration
            .Body.Linears.Where(pair => lowRank.Equals(pair.Linear.LowRank) && pair.Linear is { Inputs: > 0, Outputs: > 0 })
            .Select(pair => (pair.Linear.Name, pair.Linear));
}
