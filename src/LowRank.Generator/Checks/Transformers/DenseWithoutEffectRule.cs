using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A sublayer is exempt from something.</summary>
internal sealed class DenseWithoutEffectRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration) =>
        declaration.LowRanks.Any(lowRank => lowRank.Origin.Property is null)
            ? []
            : declaration
                .Sublayers.Where(sublayer => sublayer is { IsDense: true, LowRanks.Count: 0 })
                .Select(sublayer =>
                    Finding.Of(CostRules.DenseWithoutEffect, sublayer.Target with { Attribute = "Dense" }, sublayer.Property.Name)
                );
}
