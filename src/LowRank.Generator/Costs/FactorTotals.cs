using LowRank.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>What the options of one <c>[LowRank]</c>'s factors cost, over all blocks and linears that it selects.</summary>
/// <param name="Options">The declaration.</param>
/// <param name="Linears">Number of factored linears.</param>
/// <param name="RebalanceFlops">FLOPs of one rebalancing.</param>
/// <param name="DecayFlopsPerStep">FLOPs of the product decay in one optimizer step.</param>
internal sealed record FactorTotals(LowRankOptions Options, int Linears, long RebalanceFlops, long DecayFlopsPerStep)
{
    /// <summary>Those that set any option.</summary>
    public static IEnumerable<FactorTotals> Of(TransformerModel model)
    {
        foreach (var options in model.LowRanksInForce.Where(options => options.HasFactorOptions))
        {
            var totals = new FactorTotals(options, 0, 0, 0);
            foreach (
                var (span, linear) in model
                    .Sublayers.SelectMany(sublayer => sublayer.Linears)
                    .Where(pair => options.Equals(pair.Linear.LowRank))
            )
            {
                var cost = Of(linear);
                totals = checked(
                    new(
                        options,
                        totals.Linears + span.Count * linear.Copies,
                        totals.RebalanceFlops + (long)span.Count * linear.Copies * cost.RebalanceFlops,
                        totals.DecayFlopsPerStep + (long)span.Count * linear.Copies * cost.DecayFlopsPerStep
                    )
                );
            }

            yield return totals;
        }
    }

    /// <summary>FLOPs over a run.</summary>
    public decimal Run(long steps) => FactorUpkeepFormula.Run(DecayFlopsPerStep, RebalanceFlops, Options.RebalanceEvery ?? 0, steps);

    /// <summary>Of one linear.</summary>
    public static (long RebalanceFlops, long DecayFlopsPerStep) Of(LinearModel linear) =>
        (
            linear.LowRank?.RebalanceEvery is null ? 0 : FactorUpkeepFormula.Rebalance(linear.Outputs, linear.Inputs, linear.Rank),
            linear.LowRank?.ProductDecay is null ? 0 : FactorUpkeepFormula.Decay(linear.Outputs, linear.Inputs, linear.Rank)
        );
}
