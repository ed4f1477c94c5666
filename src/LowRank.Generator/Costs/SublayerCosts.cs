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
        var masked =
            sublayer.Attention is { } attention && model.Options.Causal
                ? ScoreFlopFormula.MaskedPerToken(attention.Width, attention.ValueWidth, model.Options.Context, attention.Window)
                : 0;
        var router = RouterParameters(sublayer, model);
        var (others, own) = (OtherParameters(sublayer, model) + router, (sublayer.Part?.OwnFlopsPerToken ?? 0) + 2 * router);
        foreach (var span in sublayer.Spans)
        {
            var linears = span.Linears.Select(LinearCost.OfAll).ToList();
            checked
            {
                var inactive = span.Linears.Sum(linear => (long)(linear.Copies - linear.Active) * LinearCost.Of(linear).Parameters);
                var inactiveGuides = span.Linears.Sum(linear =>
                    (long)(linear.Copies - linear.Active) * LinearCost.Of(linear).GuideParameters
                );
                var parameters = others + linears.Sum(linear => linear.Parameters);
                var guides = linears.Sum(linear => linear.GuideParameters);
                yield return new(
                    sublayer.Name,
                    sublayer.Kind,
                    span.First,
                    span.Count,
                    span.Rank,
                    parameters,
                    guides,
                    scores + own + linears.Sum(linear => linear.ForwardFlopsPerToken),
                    scores,
                    scores + own + linears.Sum(linear => linear.GuidedForwardFlopsPerToken),
                    linears.Sum(linear => linear.ProjectionFlopsPerStep)
                )
                {
                    Stride = span.Stride,
                    ActiveParameters = parameters - inactive,
                    ActiveGuideParameters = guides - inactiveGuides,
                    Weights = new(Weights(sublayer, span, model)),
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
            + (sublayer.Attention?.Latent?.NormParameters ?? 0)
            + (sublayer.Part?.OtherParameters ?? 0)
        );

    /// <summary>A gain, and with biases in the model a LayerNorm's bias.</summary>
    public static long NormParameters(TransformerModel model) => (long)model.Options.Width * (model.NormHasBias ? 2 : 1);

    /// <summary>A row for each expert. Every token meets all of them; of a bias that balances loads nothing is a parameter.</summary>
    public static long RouterParameters(SublayerModel sublayer, TransformerModel model) =>
        sublayer.Experts is { } experts ? (long)experts.Count * model.Options.Width : 0;

    private static IEnumerable<WeightShape> Weights(SublayerModel sublayer, BlockSpan span, TransformerModel model) =>
        (
            sublayer.Experts is { } experts
                ? [new WeightShape(WeightShape.Router, model.Options.Width, experts.Count, 0)]
                : Array.Empty<WeightShape>()
        ).Concat(span.Linears.Select(WeightShape.Of));

    // QKᵀ and the product of the weights with the values. Masked scores are counted (paper convention), those beyond a window are not.
    private static long ScoreFlopsPerToken(SublayerModel sublayer, TransformerModel model) =>
        sublayer.Attention is { } attention
            ? ScoreFlopFormula.PerToken(attention.Width, attention.ValueWidth, model.Options.Context, attention.Window)
            : 0;

    private static long QueryKeyNormParameters(SublayerModel sublayer) =>
        sublayer.Attention is { HasQueryKeyNorm: true } attention ? (long)attention.QueryNormWidth + attention.KeyNormWidth : 0;
}
