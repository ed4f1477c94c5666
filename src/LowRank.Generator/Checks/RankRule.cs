using System.Globalization;
using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A rank lies between 1 and the smaller side of every linear it factors, and pays only below the break-even.</summary>
internal sealed class RankRule : IRule
{
    public IEnumerable<Finding> Check(ModelDeclaration declaration, TransformerModel model)
    {
        foreach (var lowRank in declaration.LowRanks)
        {
            var target = lowRank.Origin.At(lowRank.Rank is null ? "Ratio" : "rank");
            // A ratio follows each linear's shape: no one rank replaces it.
            var better = lowRank.Rank is null ? null : Better(lowRank, model);
            if (lowRank.Rank < 1)
            {
                yield return Finding.Of(LowRankRules.RankOutOfRange, target, lowRank.Rank, $"[LowRank] on '{lowRank.Origin.OwnerOf(declaration.Type.Name)}'", "below 1") with { Suggestion = better };
                continue;
            }

            // A ratio that is itself refused gives no rank to speak of.
            if (lowRank.Rank is null && lowRank.Ratio is not (> 0 and <= 1))
                continue;
            foreach (var (name, linear) in Selected(lowRank, model))
            {
                var smallest = Math.Min(linear.Inputs, linear.Outputs);
                if (linear.Rank < 1)
                {
                    yield return Finding.Of(LowRankRules.RankOutOfRange, target, linear.Rank, name,
                        Finding.Text($"below 1: rank 1 holds {linear.Inputs + (long)linear.Outputs} weights, more than a Ratio of {lowRank.Ratio} allows of {(long)linear.Inputs * linear.Outputs}"));
                }
                else if (linear.Rank > smallest)
                {
                    yield return Finding.Of(LowRankRules.RankOutOfRange, target, linear.Rank, name,
                        $"above {smallest}, the smaller side of its weight ({linear.Inputs} → {linear.Outputs})") with { Suggestion = better };
                }
                else if (LinearCost.ReachesBreakEven(linear, linear.Rank))
                {
                    yield return Finding.Of(LowRankRules.RankReachesBreakEven, target, linear.Rank, name, linear.Inputs, linear.Outputs,
                        Math.Round(LinearCost.BreakEvenRank(linear), 1),
                        linear.Rank * ((long)linear.Inputs + linear.Outputs),
                        (long)linear.Inputs * linear.Outputs) with { Suggestion = better };
                }
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
        group (Name: lowRank.Origin.IsAssembly ? $"{model.Type.Name}.{sublayer.Name}.{linear.Name}" : $"{sublayer.Name}.{linear.Name}", linear)
            by (Math.Min(linear.Inputs, linear.Outputs), Math.Max(linear.Inputs, linear.Outputs))
        into shape
        select shape.First();
}
