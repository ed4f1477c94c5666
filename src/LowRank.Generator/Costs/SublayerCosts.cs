using LowRank.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>The cost of a sublayer: its norm, its linears, its attention scores.</summary>
internal static class SublayerCosts
{
    /// <summary>One entry per group of equal blocks.</summary>
    public static IEnumerable<PartCost> Of(SublayerModel sublayer, TransformerModel model)
    {
        var scores = ScoreFlopsPerToken(sublayer, model);
        var masked = sublayer.Attention is { } attention
            ? ScoreFlopFormula.MaskedPerToken(attention.Width, model.Options.Context, attention.Window)
            : 0;
        var (others, own) = (OtherParameters(sublayer, model), sublayer.Part?.OwnFlopsPerToken ?? 0);
        foreach (var span in sublayer.Spans)
        {
            var linears = span.Linears.Select(LinearCost.Of).ToList();
            checked
            {
                yield return new(
                    sublayer.Name,
                    sublayer.Kind,
                    span.First,
                    span.Count,
                    span.Rank,
                    others + linears.Sum(linear => linear.Parameters),
                    linears.Sum(linear => linear.GuideParameters),
                    scores + own + linears.Sum(linear => linear.ForwardFlopsPerToken),
                    scores,
                    scores + own + linears.Sum(linear => linear.GuidedForwardFlopsPerToken),
                    linears.Sum(linear => linear.ProjectionFlopsPerStep)
                )
                {
                    Stride = span.Stride,
                    Weights = new(span.Linears.Select(WeightShape.Of)),
                    Unknown = new(sublayer.Part?.Unknown ?? []),
                    Activations = ActivationTotals.Of(precision => KeptActivations.Of(sublayer, span, model, precision)),
                    MaskedScoreFlopsPerToken = masked,
                };
            }
        }
    }

    // The norms before and after the sublayer, and what it has beside its linear layers.
    private static long OtherParameters(SublayerModel sublayer, TransformerModel model) =>
        checked(
            (model.Options.NormPlacement == NormPlacement.Both ? 2 : 1) * NormParameters(model)
            + QueryKeyNormParameters(sublayer)
            + (sublayer.Part?.OtherParameters ?? 0)
        );

    /// <summary>A gain, and with biases in the model a LayerNorm's bias.</summary>
    public static long NormParameters(TransformerModel model) => (long)model.Options.Width * (model.NormHasBias ? 2 : 1);

    // QKᵀ and the product of the weights with the values. Masked scores are counted (paper convention), those beyond a window are not.
    private static long ScoreFlopsPerToken(SublayerModel sublayer, TransformerModel model) =>
        sublayer.Attention is { } attention ? ScoreFlopFormula.PerToken(attention.Width, model.Options.Context, attention.Window) : 0;

    private static long QueryKeyNormParameters(SublayerModel sublayer) =>
        sublayer.Attention is { HasQueryKeyNorm: true } attention ? (long)attention.QueryNormWidth + attention.KeyNormWidth : 0;
}
