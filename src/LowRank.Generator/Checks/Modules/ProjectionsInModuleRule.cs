using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>Projections are the linears of attention and feed-forward, which a module does not have.</summary>
internal sealed class ProjectionsInModuleRule : IModuleRule
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration) =>
        declaration
            .Body.LowRanks.Where(lowRank => lowRank.Projections != Projections.All)
            .Select(lowRank =>
                Finding.Of(
                    ModuleRules.ProjectionsInModule,
                    lowRank.Origin.At("Projections"),
                    lowRank.Origin.OwnerOf(declaration.Type.Name),
                    declaration.Type.Name
                )
            );
}
