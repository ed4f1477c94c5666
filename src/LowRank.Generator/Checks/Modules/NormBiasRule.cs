using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>A norm with a bias is a LayerNorm.</summary>
internal sealed class NormBiasRule : IRule<ModuleMember>
{
    public IEnumerable<Finding> Check(ModuleMember member)
    {
        if (member is { Kind: MemberKind.Normalization, HasBias: true, ElementType: ModuleMember.RmsNormType })
            yield return IdleOption.Of(member.AttributeTarget.At("Bias"), member.Name, "an RmsNorm adds no bias");
    }
}
