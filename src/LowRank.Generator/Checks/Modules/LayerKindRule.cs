using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>What is factored or exempt is a layer.</summary>
internal sealed class LayerKindRule : IRule<ModuleMember>
{
    public IEnumerable<Finding> Check(ModuleMember member)
    {
        if (member.Kinds.Count == 0)
            yield return Finding.Of(ModuleRules.NoKind, member.Target, member.Name, Named(member));
    }

    private static string Named(ModuleMember member) =>
        member.LowRank is not null ? "LowRank"
        : member.Lora is not null ? "LoRA"
        : "Dense";
}
