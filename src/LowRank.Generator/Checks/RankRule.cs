using System.Globalization;
using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A rank lies between 1 and the smaller side of every linear it factors, and pays only below the break-even.</summary>
internal sealed class RankRule : IRule
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model)
    {
        foreach (var lowRank in declaration.LowRanks)
        {
            // A ratio follows each linear's shape: no one rank replaces it.
            var better = lowRank.Rank is null ? null : Better(lowRank, model);
            foreach (var finding in Check(lowRank, declaration.Type.Name, Selected(lowRank, model)))
                yield return finding with
                {
                    Suggestion = better,
                };
        }
    }

    /// <summary>Holds one declaration of low rank against the linears that it selects.</summary>
    public static IEnumerable<Finding> Check(
        LowRankOptions lowRank,
        string className,
        IEnumerable<(string Name, LinearModel Linear)> selected
    )
    {
        var target = lowRank.Origin.At(lowRank.Rank is null ? "Ratio" : "rank");
        if (lowRank.Rank < 1)
        {
            yield return Finding.Of(
                LowRankRules.RankOutOfRange,
                target,
                lowRank.Rank,
                $"[LowRank] on '{lowRank.Origin.OwnerOf(className)}'",
                "below 1"
            );
            yield break;
        }

        // A ratio that is itself refused gives no rank to speak of.
        if (lowRank.Rank is null && lowRank.Ratio is not (> 0 and <= 1))
            yield break;
        foreach (var (name, linear) in selected)
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
    private static string? Better(LowRankOptions lowRank, TransformerModel model) =>
        AlignedRanks.Saving(Selected(lowRank, model).Select(pair => pair.Linear))?.ToString(CultureInfo.InvariantCulture);

    // Layers of one shape say the same thing; the first of them speaks for all.
    internal static IEnumerable<(string Name, LinearModel Linear)> Selected(LowRankOptions lowRank, TransformerModel model) =>
        from sublayer in model.Sublayers
        from linear in sublayer.Linears.Select(pair => pair.Linear).Where(linear => lowRank.Equals(linear.LowRank)).Distinct()
        group (
            Name: lowRank.Origin.IsAssembly ? $"{model.Type.Name}.{sublayer.Name}.{linear.Name}" : $"{sublayer.Name}.{linear.Name}",
            linear
        ) by (Math.Min(linear.Inputs, linear.Outputs), Math.Max(linear.Inputs, linear.Outputs)) into shape
        select shape.First();
}
