using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>What is factored or exempt is a layer.</summary>
internal sealed class LayerKindRule : IModuleRule
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration) =>
        declaration
            .Body.Members.Where(member => member.Kinds.Count == 0)
            .Select(member => Finding.Of(ModuleRules.NoKind, member.Target, member.Name, member.LowRank is not null ? "LowRank" : "Dense"));
}
