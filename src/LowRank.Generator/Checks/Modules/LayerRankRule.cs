using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model.Modules;

namespace LowRank.Generator.Checks.Modules;

/// <summary>Ranks are held to the rules of transformers: at least 1, at most the smaller side, below the break-even.</summary>
internal sealed class LayerRankRule : IModuleRule
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration) =>
        RankOrRatioRule.Check(declaration.Body.LowRanks, declaration.Type.Name).Concat(Ranks(declaration));

    private static IEnumerable<Finding> Ranks(ModuleDeclaration declaration)
    {
        foreach (var lowRank in declaration.Body.LowRanks)
        {
            // A ratio that is itself refused gives no rank to speak of.
            if (lowRank.Rank is null && lowRank.Ratio is not (> 0 and <= 1))
                continue;
            var target = lowRank.Origin.At(lowRank.Rank is null ? "Ratio" : "rank");
            if (lowRank.Rank < 1)
            {
                yield return Finding.Of(LowRankRules.RankOutOfRange, target, lowRank.Rank, $"[LowRank] on '{lowRank.Origin.Property ?? declaration.Type.Name}'", "below 1");
                continue;
            }

            foreach (var (_, linear) in declaration.Body.Linears.Where(pair => lowRank.Equals(pair.Linear.LowRank) && pair.Linear is { Inputs: > 0, Outputs: > 0 }))
            {
                var smallest = Math.Min(linear.Inputs, linear.Outputs);
                if (linear.Rank < 1)
                {
                    yield return Finding.Of(LowRankRules.RankOutOfRange, target, linear.Rank, linear.Name,
                        Finding.Text($"below 1: rank 1 holds {linear.Inputs + (long)linear.Outputs} weights, more than a Ratio of {lowRank.Ratio} allows of {(long)linear.Inputs * linear.Outputs}"));
                }
                else if (linear.Rank > smallest)
                {
                    yield return Finding.Of(LowRankRules.RankOutOfRange, target, linear.Rank, linear.Name,
                        $"above {smallest}, the smaller side of its weight ({linear.Inputs} → {linear.Outputs})");
                }
                else if (LinearCost.ReachesBreakEven(linear, linear.Rank))
                {
                    yield return Finding.Of(LowRankRules.RankReachesBreakEven, target, linear.Rank, linear.Name, linear.Inputs, linear.Outputs,
                        Math.Round(LinearCost.BreakEvenRank(linear), 1),
                        linear.Rank * ((long)linear.Inputs + linear.Outputs),
                        (long)linear.Inputs * linear.Outputs);
                }
            }
        }
    }
}
