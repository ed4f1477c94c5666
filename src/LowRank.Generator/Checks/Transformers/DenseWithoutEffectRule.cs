using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A sublayer is exempt from something.</summary>
internal sealed class DenseWithoutEffectRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        var hasOuter = declaration.LowRanks.Any(lowRank => lowRank.Origin.Property is null);
        return declaration
            .Sublayers.Where(sublayer => sublayer is { IsDense: true, LowRanks.Count: 0 } && (sublayer.Part is not null || !hasOuter))
            .Select(sublayer =>
                Finding.Of(
                    CostRules.DenseWithoutEffect,
                    sublayer.Target with
                    {
                        Attribute = "Dense",
                    },
                    sublayer.Property.Name,
                    sublayer.Part is not null
                        ? "a [LowRank] of the transformer does not reach into a [Part]"
                        : "no [LowRank] stands further out from which it would be exempt"
                )
            );
    }
}
