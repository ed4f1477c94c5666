using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>Infers the sizes of feed-forward sublayers.</summary>
internal static class FeedForwardShape
{
    public static bool IsSized(FeedForwardOptions options, TransformerOptions transformer) => options.Hidden > 0 && transformer.Width > 0;

    public static IEnumerable<LinearModel> Linears(FeedForwardOptions options, TransformerOptions transformer)
    {
        var hasBias = transformer.Bias == Bias.All;
        if (options.Gated)
            yield return new("Gate", transformer.Width, options.Hidden, hasBias, LowRank: null);
        yield return new("Up", transformer.Width, options.Hidden, hasBias, LowRank: null);
        yield return new("Down", options.Hidden, transformer.Width, hasBias, LowRank: null);
    }
}
