using System.Globalization;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Wording;

namespace LowRank.Training.Reporting.Comparing;

/// <summary>The comparison in which neither side is cheaper: factors beside the dense model of as many forward FLOPs per token.</summary>
internal static class FlopMatchedLine
{
    /// <summary>The sentence; null where one of the two sides has not been trained to its end.</summary>
    /// <param name="entry">The declared model.</param>
    /// <param name="runs">Its runs.</param>
    public static string? Of(ModelEntry entry, IReadOnlyList<RunResult> runs)
    {
        var factored = runs.Where(run => run is { Stopped: false, Variant: Variant.LowRank or Variant.Guided }).ToList();
        if (factored.Count == 0 || runs.FirstOrDefault(run => run is { Stopped: false, Variant: Variant.FlopMatched }) is not { } dense)
            return null;
        var reached = factored.Select(run =>
            $"{run.Variant.Title()} {Quantity.Perplexity(run.ValidationPerplexity)} ({Quantity.Ratio(run.ValidationPerplexity / dense.ValidationPerplexity)})"
        );
        return $"Validation perplexity at equal forward FLOPs per token: {dense.Variant.Title()} {Quantity.Perplexity(dense.ValidationPerplexity)}, {string.Join(", ", reached)}. "
            + $"The dense model has {Share(entry)} of the factored one's.";
    }

    // Never rounded up: 100 % is said of equal FLOPs alone.
    private static string Share(ModelEntry entry)
    {
        var share = (decimal)Variants.Cost(entry, Variant.FlopMatched).ForwardFlopsPerToken / entry.Cost.ForwardFlopsPerToken;
        return (decimal.Truncate(10_000 * share) / 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";
    }
}
