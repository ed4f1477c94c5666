using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>Projections are the linears of attention and feed-forward, which a module does not have.</summary>
internal sealed class ProjectionsInModuleRule : IRule<LowRankSelection>
{
    public IEnumerable<Finding> Check(LowRankSelection selection)
    {
        var (lowRank, name, _) = selection;
        if (lowRank.Projections != Projections.All)
            yield return Finding.Of(ModuleRules.ProjectionsInModule, lowRank.Origin.At("Projections"), selection.Owner, name) with
            {
                IsRemovable = true,
            };
    }
}
