using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>A layer is a partial get-only property of the type that its attribute is for.</summary>
internal sealed class LayerFormRule : IRule<ModuleMember>
{
    public IEnumerable<Finding> Check(ModuleMember member)
    {
        if (member.Kind is not { } kind)
        {
            if (member.Kinds.Count > 1)
                yield return Finding.Of(ModuleRules.TwoKinds, member.Target, member.Name, member.Kinds[0], member.Kinds[1]);
            yield break;
        }

        var wanted = TypeFor(kind, member);
        if (member.Property is { IsPartial: false, Oddity: null })
            yield return Finding.Of(
                ModuleRules.PropertyNotPartial,
                member.Target,
                member.Name,
                kind,
                kind == MemberKind.Normalization ? "RmsNorm" : wanted
            );
        var isOfType = Fits(member, kind) && member.IsList == member.Count is not null;
        foreach (var wrong in PropertyForm.Wrong(member.Property, isOfType, member.Count is { } count ? $" with Count = {count}" : ""))
            yield return Finding.Of(ModuleRules.PropertyForm, member.Target, member.Name, wrong, kind, wanted);
    }

    private static bool Fits(ModuleMember member, MemberKind kind) =>
        kind switch
        {
            MemberKind.Linear => member.ElementType == ModuleMember.LinearType,
            MemberKind.Embedding => member.ElementType == ModuleMember.EmbeddingType,
            MemberKind.Normalization => member.ElementType is ModuleMember.RmsNormType or ModuleMember.LayerNormType,
            _ => member.Part is not null || member.Cycle is not null,
        };

    private static string TypeFor(MemberKind kind, ModuleMember member)
    {
        var single = kind switch
        {
            MemberKind.Linear => "LinearLayer",
            MemberKind.Embedding => "Embedding",
            MemberKind.Normalization => "RmsNorm or LayerNorm",
            _ => "a class with [Module]",
        };
        return member.Count is null ? single : $"IReadOnlyList<{single}>";
    }
}
