using LowRank.Costs;
using LowRank.Training.Wording;

namespace LowRank.Training.Runs;

/// <summary>Why a model has no dense one of its FLOPs, in the order in which the compiler asks.</summary>
internal static class MissingMatch
{
    /// <summary>What, why, and where there is one what to do.</summary>
    /// <param name="entry">A model without <see cref="ModelEntry.FlopMatched"/>.</param>
    public static string Of(ModelEntry entry)
    {
        if (!entry.IsFactored())
            return $"{entry.Name} has no factored layer, so it is its own FLOP-matched dense model; name the variant dense.";
        if (entry.Dense is not { Cost: var dense })
            return $"{entry.Name} declares no FLOP-matched dense model; add [DenseBaseline] to the class, or name other variants.";
        return dense.Sublayers.Any(IsFeedForward)
            ? $"{entry.Name} has no FLOP-matched dense model: attention and head of its dense baseline alone cost more than its {Quantity.Count(entry.Cost.ForwardFlopsPerToken)} forward FLOPs per token; name other variants."
            : $"{entry.Name} has no FLOP-matched dense model: no sublayer is feed-forward, whose hidden layer could be narrowed; name other variants.";
    }

    private static bool IsFeedForward(SublayerCost part) => part.Kind == "feed-forward";
}
