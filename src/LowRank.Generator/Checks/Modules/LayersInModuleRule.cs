using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>A range over blocks means nothing where there is no depth.</summary>
internal sealed class LayersInModuleRule : IRule<LowRankSelection>
{
    public IEnumerable<Finding> Check(LowRankSelection selection)
    {
        var (lowRank, name, _) = selection;
        if (lowRank.Layers != "..")
            yield return Finding.Of(
                ModuleRules.LayersInModule,
                lowRank.Origin.At("Layers"),
                lowRank.Layers ?? "",
                selection.Owner,
                name
            ) with
            {
                IsRemovable = true,
            };
    }
}
