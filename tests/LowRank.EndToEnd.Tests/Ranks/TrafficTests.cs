using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using LowRank.Training.Scaling;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>A run sends what <c>describe --ranks</c> has said.</summary>
public sealed class TrafficTests
{
    public static TheoryData<Variant, OptimizerKind, Sharding> Runs
    {
        get
        {
            var cases = new TheoryData<Variant, OptimizerKind, Sharding>();
            foreach (var variant in new[] { Variant.Dense, Variant.Guided, Variant.LowRank })
            {
                foreach (var optimizer in new[] { OptimizerKind.AdamW, OptimizerKind.Muon, OptimizerKind.GaLore })
                {
                    foreach (var sharding in Enum.GetValues<Sharding>())
                        cases.Add(variant, optimizer, sharding);
                }
            }

            return cases;
        }
    }

    // The guides are gone after half of the steps; GaLore projects anew in the first, the sixth and the eleventh of twelve. All sizes
    // of the model are those of the buffers' alignment, so that nothing else is sent.
    [Theory]
    [MemberData(nameof(Runs))]
    public void Gradients_and_values_of_a_run_are_as_many_as_computed(Variant variant, OptimizerKind optimizer, Sharding sharding)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find(nameof(SmallDeclared));
        var options = (SmallRuns.Options(null) with { GaLoreRank = 3, GaLoreGap = 5, Sharding = sharding }).WithOptimizer(optimizer);
        _ = ThreadRanks.Run(
            2,
            group => new Trainer(entry, variant, data, options, new StepLog()) { Group = group }.Run(default),
            out var sent
        );

        var job = new RankJob(2, options.SequencesPerStep, options.SequencesPerMicroBatch, optimizer, options.GaLoreRank, options.GaLoreGap)
        {
            Steps = options.Steps,
        };
        var cost = RankCost.All(entry, job).Single(cost => cost.Variant == variant);
        Assert.Equal(cost.RunReducedNumbers, sent.Reduced + sent.Scattered);
        Assert.Equal(sharding == Sharding.None ? 0 : sent.Scattered, sent.Scattered);
        if (optimizer != OptimizerKind.GaLore) // Whose projections are copied as well.
            Assert.Equal(sharding == Sharding.None ? 0 : cost.RunGatheredNumbers, sent.Gathered);
    }
}
