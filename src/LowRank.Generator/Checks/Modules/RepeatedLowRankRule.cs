using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>One <c>[LowRank]</c> and one <c>[LoRA]</c> stand in one place: several could not share out what there is.</summary>
internal sealed class RepeatedLowRankRule : IRule<ModuleDeclaration>
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration) =>
        declaration.Body.RepeatedLowRanks.Select(target =>
            Finding.Of(ModuleRules.RepeatedLowRank, target, target.OwnerOf(declaration.Type.Name), target.Attribute!)
        );
}
