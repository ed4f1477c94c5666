using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>A layer is a partial get-only property of the type that its attribute is for.</summary>
internal sealed class LayerFormRule : IModuleRule
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        foreach (var member in declaration.Body.Members)
        {
            var property = member.Property;
            if (member.Kind is not { } kind)
            {
                if (member.Kinds.Count > 1)
                    yield return Finding.Of(ModuleRules.TwoKinds, member.Target, member.Name, member.Kinds[0], member.Kinds[1]);
                continue;
            }

            var wanted = TypeFor(kind, member);
            if (!property.IsPartial)
                yield return Finding.Of(
                    ModuleRules.PropertyNotPartial,
                    member.Target,
                    member.Name,
                    kind,
                    kind == MemberKind.Normalization ? "RmsNorm" : wanted
                );
            foreach (var wrong in Wrong(member, kind))
                yield return Finding.Of(ModuleRules.PropertyForm, member.Target, member.Name, wrong, kind, wanted);
        }
    }

    private static IEnumerable<string> Wrong(ModuleMember member, MemberKind kind)
    {
        var property = member.Property;
        if (!Fits(member, kind) || member.IsList != member.Count is not null)
            yield return $"of type {property.Type.Replace("global::", "")}{(member.Count is { } count ? $" with Count = {count}" : "")}";
        if (property.IsStatic)
            yield return "static";
        if (property.Accessors.Any(accessor => accessor != "get"))
            yield return "not get-only";
    }

    private static bool Fits(ModuleMember member, MemberKind kind) =>
        kind switch
        {
            MemberKind.Linear => member.ElementType == ModuleMember.LinearType,
            MemberKind.Embedding => member.ElementType == ModuleMember.EmbeddingType,
            MemberKind.Normalization => member.ElementType is ModuleMember.RmsNormType or ModuleMember.LayerNormType,
            _ => member.Part is not null || member.IsRecursive,
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
