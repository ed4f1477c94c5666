using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A sublayer is of exactly one kind.</summary>
internal sealed class SublayerKindRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        foreach (var sublayer in declaration.Sublayers)
        {
            var kinds = sublayer.Kinds.ToList();
            if (kinds.Count > 1)
                yield return Finding.Of(SublayerRules.TwoKinds, sublayer.Target, sublayer.Property.Name, kinds[0], kinds[1]);
            // Of experts that are no feed-forward another rule speaks.
            if (kinds.Count == 0 && sublayer.Experts is null)
                yield return Finding.Of(SublayerRules.NoKind, sublayer.Target, sublayer.Property.Name) with
                {
                    Attributes = SublayerProposals.For(declaration.Transformer),
                };
        }
    }
}
