using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>A range over blocks means nothing where there is no depth.</summary>
internal sealed class LayersInModuleRule : IModuleRule
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration) =>
        declaration
            .Body.LowRanks.Where(lowRank => lowRank.Layers != "..")
            .Select(lowRank =>
                Finding.Of(
                    ModuleRules.LayersInModule,
                    lowRank.Origin.At("Layers"),
                    lowRank.Layers ?? "",
                    lowRank.Origin.Property ?? declaration.Type.Name,
                    declaration.Type.Name
                )
            );
}
