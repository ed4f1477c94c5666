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
            if (sublayer is { Attention: not null, FeedForward: not null })
                yield return Finding.Of(SublayerRules.TwoKinds, sublayer.Target, sublayer.Property.Name);
            if (sublayer is { Attention: null, FeedForward: null })
                yield return Finding.Of(SublayerRules.NoKind, sublayer.Target, sublayer.Property.Name) with
                {
                    Attributes = SublayerProposals.For(declaration.Transformer),
                };
        }
    }
}
