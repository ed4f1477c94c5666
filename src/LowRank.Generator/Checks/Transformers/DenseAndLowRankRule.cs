using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A sublayer is not exempted from low rank and given a rank at once.</summary>
internal sealed class DenseAndLowRankRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration) =>
        declaration
            .Sublayers.Where(sublayer => sublayer is { IsDense: true, LowRanks.Count: > 0 })
            .Select(sublayer =>
                Finding.Of(LowRankRules.DenseAndLowRank, sublayer.Target with { Attribute = "Dense" }, sublayer.Property.Name)
            );
}
