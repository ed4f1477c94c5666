using System.Globalization;
using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A rank lies between 1 and the smaller side of every linear it factors, and pays only below the break-even.</summary>
internal sealed class RankRule : IRule<LowRankSelection>
{
    public IEnumerable<Finding> Check(LowRankSelection selection)
    {
        // A ratio follows each linear's shape: no one rank replaces it.
        var better = selection.LowRank.Rank is null ? null : Better(selection);
        return FindingsOf(selection).Select(finding => finding with { Suggestion = better });
    }

    private static IEnumerable<Finding> FindingsOf(LowRankSelection selection)
    {
        var lowRank = selection.LowRank;
        var target = lowRank.Origin.At(lowRank.Rank is null ? "Ratio" : "rank");
        if (lowRank.Rank < 1)
        {
            yield return Finding.Of(LowRankRules.RankOutOfRange, target, lowRank.Rank, $"[LowRank] on '{selection.Owner}'", "below 1");
            yield break;
        }

        // A ratio that is itself refused gives no rank to speak of.
        if (lowRank.Rank is null && lowRank.Ratio is not (> 0 and <= 1))
            yield break;
        foreach (var (name, linear) in selection.Linears)
        {
            var smallest = Math.Min(linear.Inputs, linear.Outputs);
            if (linear.Rank < 1)
            {
                yield return Finding.Of(
                    LowRankRules.RankOutOfRange,
                    target,
                    linear.Rank,
                    name,
                    Finding.Text(
                        $"below 1: rank 1 holds {linear.Inputs + (long)linear.Outputs} weights, more than a Ratio of {lowRank.Ratio} allows of {(long)linear.Inputs * linear.Outputs}"
                    )
                );
            }
            else if (linear.Rank > smallest)
            {
                yield return Finding.Of(
                    LowRankRules.RankOutOfRange,
                    target,
                    linear.Rank,
                    name,
                    $"above {smallest}, the smaller side of its weight ({linear.Inputs} → {linear.Outputs})"
                );
            }
            else if (LinearCost.ReachesBreakEven(linear, linear.Rank))
            {
                yield return Finding.Of(
                    LowRankRules.RankReachesBreakEven,
                    target,
                    linear.Rank,
                    name,
                    linear.Inputs,
                    linear.Outputs,
                    Math.Round(LinearCost.BreakEvenRank(linear), 1),
                    linear.Rank * ((long)linear.Inputs + linear.Outputs),
                    (long)linear.Inputs * linear.Outputs
                );
            }
        }
    }

    // One rank for every weight that it factors, so that one change answers all that is said about it.
    private static string? Better(LowRankSelection selection) =>
        AlignedRanks.Saving(selection.Linears.Select(pair => pair.Linear))?.ToString(CultureInfo.InvariantCulture);
}
