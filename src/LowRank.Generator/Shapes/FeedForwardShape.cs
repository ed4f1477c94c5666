using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>Infers the sizes of feed-forward sublayers.</summary>
internal static class FeedForwardShape
{
    public static bool IsSized(FeedForwardOptions options, TransformerOptions transformer, ExpertOptions? experts) =>
        options.Hidden > 0
        && transformer.Width > 0
        && (experts is null || (experts.IsSized && SharedHidden(options, experts) <= int.MaxValue));

    /// <summary>The hidden size of the shared experts, which are one layer; 0 where there are none.</summary>
    public static long SharedHidden(FeedForwardOptions options, ExpertOptions experts) => (long)options.Hidden * (experts.Shared ?? 0);

    /// <summary>The linears of a sublayer: of a mixture those of every expert once, then those of the shared ones.</summary>
    public static IEnumerable<LinearModel> Linears(FeedForwardOptions options, TransformerOptions transformer, ExpertOptions? experts)
    {
        if (experts is null)
            return Linears(options, transformer);
        var each = Linears(options, transformer).Select(linear => linear with { Copies = experts.Count, Active = experts.Active });
        return experts.Shared is null
            ? each
            : each.Concat(
                Linears(options with { Hidden = checked((int)SharedHidden(options, experts)) }, transformer)
                    .Select(linear => linear with { Name = LinearModel.SharedPrefix + linear.Name })
            );
    }

    private static IEnumerable<LinearModel> Linears(FeedForwardOptions options, TransformerOptions transformer)
    {
        var biases = Biases(options, transformer);
        if (options.Gated)
            yield return new("Gate", transformer.Width, options.Hidden, (biases & Projections.Gate) != 0, LowRank: null);
        yield return new("Up", transformer.Width, options.Hidden, (biases & Projections.Up) != 0, LowRank: null);
        yield return new("Down", options.Hidden, transformer.Width, (biases & Projections.Down) != 0, LowRank: null);
    }

    /// <summary>The projections that add a bias.</summary>
    public static Projections Biases(FeedForwardOptions options, TransformerOptions transformer) =>
        options.Bias ?? (transformer.Bias == Bias.All ? Projections.All : Projections.None);
}
