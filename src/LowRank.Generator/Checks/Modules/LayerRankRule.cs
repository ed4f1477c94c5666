using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model.Modules;

namespace LowRank.Generator.Checks.Modules;

/// <summary>Ranks are held to the rules of transformers: at least 1, at most the smaller side, below the break-even.</summary>
internal sealed class LayerRankRule : IModuleRule
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        foreach (var lowRank in declaration.Body.LowRanks)
        {
            var target = lowRank.Origin.At("rank");
            if (lowRank.Rank < 1)
            {
                yield return Finding.Of(LowRankRules.RankOutOfRange, target, lowRank.Rank, $"[LowRank] on '{lowRank.Origin.Property ?? declaration.Type.Name}'", "below 1");
                continue;
            }

            foreach (var (_, linear) in declaration.Body.Linears.Where(pair => lowRank.Equals(pair.Linear.LowRank) && pair.Linear is { Inputs: > 0, Outputs: > 0 }))
            {
                var smallest = Math.Min(linear.Inputs, linear.Outputs);
                if (lowRank.Rank > smallest)
                {
                    yield return Finding.Of(LowRankRules.RankOutOfRange, target, lowRank.Rank, linear.Name,
                        $"above {smallest}, the smaller side of its weight ({linear.Inputs} → {linear.Outputs})");
                }
                else if (LinearCost.ReachesBreakEven(linear, lowRank.Rank))
                {
                    yield return Finding.Of(LowRankRules.RankReachesBreakEven, target, lowRank.Rank, linear.Name, linear.Inputs, linear.Outputs,
                        Math.Round(LinearCost.BreakEvenRank(linear), 1),
                        lowRank.Rank * ((long)linear.Inputs + linear.Outputs),
                        (long)linear.Inputs * linear.Outputs);
                }
            }
        }
    }
}
