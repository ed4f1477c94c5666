using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Heads divide the width unless a head size is given; key/value heads divide the heads.</summary>
internal sealed class HeadsRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        var width = declaration.Transformer.Width;
        foreach (var sublayer in declaration.Sublayers)
        {
            if (sublayer.Attention is not { Heads: > 0 } attention)
                continue;
            var target = sublayer.Target with { Attribute = "Attention" };
            var heads = attention.Heads;
            if (attention.HeadSize is null && width > 0 && width % heads != 0)
                yield return HeadsOf(width, attention, declaration.Transformer, target.At("heads"));
            if (!attention.IsLatent && attention.KeyValueHeads is { } keyValueHeads and > 0 && heads % keyValueHeads != 0)
                yield return Divisors.Suggest(ShapeRules.KeyValueHeadsDivideHeads, target.At("KeyValueHeads"), heads, keyValueHeads);
        }
    }

    // A divisor that key/value heads and rotary positions can do with; any where there is none.
    private static Finding HeadsOf(int width, AttentionOptions attention, TransformerOptions transformer, Target target) =>
        Divisors.Suggest(
            ShapeRules.HeadsDivideWidth,
            target,
            width,
            attention.Heads,
            heads => EvenRotation.IsRight(attention with { Heads = heads }, transformer)
        );
}
