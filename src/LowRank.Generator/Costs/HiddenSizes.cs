using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>
/// What a dense model costs when all hidden sizes are scaled by one factor. A feed-forward sublayer's FLOPs are proportional to its hidden
/// size, since every linear of it has that size on one side.
/// </summary>
internal sealed class HiddenSizes
{
    private readonly List<(int Hidden, long FlopsPerUnit)> sublayers;
    private readonly int largest;
    private readonly decimal rest;

    private HiddenSizes(List<(int Hidden, long FlopsPerUnit)> sublayers, long total)
    {
        this.sublayers = sublayers;
        largest = sublayers.Max(sublayer => sublayer.Hidden);
        rest = total - sublayers.Sum(sublayer => (decimal)sublayer.Hidden * sublayer.FlopsPerUnit);
    }

    /// <summary>Those of a model; null where it has no feed-forward sublayer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dense">What it costs without any low rank.</param>
    public static HiddenSizes? Of(TransformerModel model, ModelCosts dense)
    {
        var sublayers = model
            .Sublayers.Where(sublayer => sublayer.FeedForward is not null)
            .Select(sublayer => (sublayer.FeedForward!.Hidden, FlopsOfLinears(sublayer) / sublayer.FeedForward.Hidden))
            .ToList();
        return sublayers.Count == 0 ? null : new(sublayers, dense.Total.ForwardFlopsPerToken);
    }

    // A router's stay as they are.
    private static long FlopsOfLinears(SublayerModel sublayer) =>
        sublayer.DenseSpans.Aggregate(
            0L,
            (sum, span) => checked(sum + span.Count * span.Linears.Sum(linear => LinearCost.OfAll(linear).ForwardFlopsPerToken))
        );

    /// <summary>
    /// A hidden size when the largest becomes <paramref name="size"/>: rounded down, and at least 1, so that every sublayer stays.
    /// </summary>
    public int Scaled(int hidden, int size) => (int)Math.Max(1, (long)hidden * size / largest);

    /// <summary>Forward FLOPs per token of the whole model when the largest hidden size becomes <paramref name="size"/>.</summary>
    // In decimals, which hold every such product exactly.
    public decimal FlopsAt(int size) => rest + sublayers.Sum(sublayer => (decimal)Scaled(sublayer.Hidden, size) * sublayer.FlopsPerUnit);

    /// <summary>What the largest hidden size can become at most; null where 1 costs too much.</summary>
    public int? LargestWithin(decimal budget)
    {
        if (FlopsAt(1) > budget)
            return null;
        // Above the declared size where factors cost more than what they replace: then it is the dense model that has room.
        var perUnit = sublayers.Where(sublayer => sublayer.Hidden == largest).Sum(sublayer => (decimal)sublayer.FlopsPerUnit);
        var (fits, end) = (1, (int)Math.Min(int.MaxValue, (budget - rest) / perUnit));
        while (fits < end)
        {
            var middle = end - (end - fits) / 2;
            if (FlopsAt(middle) <= budget)
                fits = middle;
            else
                end = middle - 1;
        }

        return fits;
    }
}
