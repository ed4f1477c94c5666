using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>The values that the attribute of a layer gives, by what is asked of them.</summary>
internal static class LayerValues
{
    public static IEnumerable<DeclaredSize> SizesOf(ModuleMember member)
    {
        var (inputs, outputs) = member.Kind switch
        {
            MemberKind.Linear => ("inputs", "outputs"),
            MemberKind.Embedding => ("rows", "width"),
            MemberKind.Normalization => ("width", null),
            _ => ((string?)null, (string?)null),
        };
        if (inputs is not null)
            yield return new(member.AttributeTarget.At(inputs), member.Name, member.Inputs);
        if (outputs is not null)
            yield return new(member.AttributeTarget.At(outputs), member.Name, member.Outputs);
        yield return new(member.AttributeTarget.At("Count"), member.Name, member.Count);
    }

    public static IEnumerable<DeclaredNumber> NumbersOf(ModuleMember member)
    {
        if (member.Kind == MemberKind.Normalization)
            yield return new(member.AttributeTarget.At("Epsilon"), member.Epsilon, "1e-5");
    }

    /// <summary>The enums of a <c>[LowRank]</c>, save projections, about which another rule speaks.</summary>
    public static IEnumerable<DeclaredEnum> EnumsOf(LowRankSelection selection) =>
        DeclaredEnum.Of(selection.LowRank).Where(declared => declared.Value is not Projections);
}
