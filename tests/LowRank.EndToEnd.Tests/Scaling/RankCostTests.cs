using LowRank.EndToEnd.Tests.FineTuning;
using LowRank.EndToEnd.Tests.Models;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using LowRank.Training.Scaling;
using TorchSharp.Modules;

namespace LowRank.EndToEnd.Tests.Scaling;

/// <summary>What ranks hold and send, from formulas: against numbers by hand, and against models that exist.</summary>
public sealed class RankCostTests
{
    private const int GaLoreRank = 4;

    public static TheoryData<string> Models =>
        [
            typeof(SmallDeclared).FullName!,
            typeof(GptForm).FullName!,
            typeof(QwenForm).FullName!,
            typeof(PythiaForm).FullName!,
            typeof(ColaForm).FullName!,
            typeof(ResidualForm).FullName!,
            typeof(BalancedForm).FullName!,
            typeof(Alternating).FullName!,
            typeof(Patchwork).FullName!,
            typeof(LatentForm).FullName!,
            typeof(LatentHybrid).FullName!,
            typeof(LatentPlain).FullName!,
            typeof(Adapted).FullName!,
            typeof(Plain).FullName!,
        ];

    [Theory]
    [MemberData(nameof(Models))]
    public void Formulas_count_what_a_walk_over_the_live_model_does(string name)
    {
        var entry = ModelCatalog.Models.Single(model => model.FullName == name);
        foreach (var kind in Enum.GetValues<OptimizerKind>())
        {
            foreach (var cost in RankCost.All(entry, Job(3, kind)))
            {
                var walked = Walk(entry, cost.Variant, kind);
                Assert.Equal(walked.Held * 4m, cost.ParameterBytes);
                Assert.Equal((walked.Trained, walked.Trained * 4m), (cost.TrainedNumbers, cost.GradientBytes));
                Assert.Equal(walked.Guides * 4m, cost.EffectiveWeightBytes);
                Assert.Equal(walked.Reduced, cost.ReducedNumbers);
                Assert.Equal(kind == OptimizerKind.GaLore ? walked.ReducedInFull : null, cost.RefreshNumbers);
                Assert.Equal(walked.State * 4m, cost.Whole.StateBytes);
                Assert.InRange(cost.Sharded.EvenStateBytes * 3, walked.State * 4m, walked.State * 4m + 8);
                Assert.InRange(cost.Sharded.StateBytes, cost.Sharded.EvenStateBytes, cost.Whole.StateBytes);
            }
        }
    }

    [Fact]
    public void A_small_model_is_counted_by_hand()
    {
        // 512·64 twice, nine gains of 64. A block: 128·64 and 64·64 of attention, twice 256·64 or, of rank 16, twice 16·320.
        const int Other = 66_112;
        const int Dense = Other + 4 * (8_192 + 4_096 + 2 * 16_384);
        const int LowRank = Other + 4 * (8_192 + 4_096) + 2 * 16_384 + 3 * 2 * 5_120;
        const int Guides = 3 * 2 * 16_384;
        var (dense, guided, lowRank) = Of(OptimizerKind.AdamW);
        Assert.Equal((246_336, 178_752), (Dense, LowRank));
        Assert.Equal(
            (Dense * 4m, (LowRank + Guides) * 4m, LowRank * 4m),
            (dense.ParameterBytes, guided.ParameterBytes, lowRank.ParameterBytes)
        );
        // A guided step sends the gradients of the effective weights and none of their factors: as many as the dense model's.
        Assert.Equal((Dense, Dense, LowRank), (dense.ReducedNumbers, guided.ReducedNumbers, lowRank.ReducedNumbers));
        Assert.Equal((Dense, LowRank + Guides, LowRank), (dense.TrainedNumbers, guided.TrainedNumbers, lowRank.TrainedNumbers));
        Assert.Equal((Dense * 8m, (LowRank + Guides) * 8m), (dense.Whole.StateBytes, guided.Whole.StateBytes));
        // Number by number without guides. With them the second rank or the third has three pieces of 43,008 and a dense block's rest.
        Assert.Equal((Dense * 2m, LowRank * 2m), (dense.Sharded.StateBytes, lowRank.Sharded.StateBytes));
        Assert.Equal((153_600 * 4m, 138_528 * 4m), (guided.Sharded.StateBytes, guided.Sharded.EvenStateBytes));

        // 976 steps, 488 of them guided: 16,384 instead of 5,120 in six weights; gathered are both.
        Assert.Equal(Ring((LowRank * 976m + 6 * (16_384 - 5_120) * 488m) * 2), guided.Whole.RunSentBytes);
        Assert.Equal(Ring(LowRank * 976m * 2 + 6 * (16_384 - 5_120 + 16_384) * 488m), guided.Sharded.RunSentBytes);
        Assert.Equal(Ring(Dense * 976m * 2), dense.Sharded.RunSentBytes);

        // 256 tokens on each rank; six weights formed and projected, 2·16·256·64 FLOPs each time, of which a rank owns two.
        const int PerToken = 3 * (2 * (Dense - Other + 512 * 64) + 4 * (4 * 64 * 64));
        Assert.Equal(PerToken * 256m, dense.Whole.Flops);
        Assert.Equal(PerToken * 256m + 6 * 3 * 524_288, guided.Whole.Flops);
        Assert.Equal(PerToken * 256m + 6 * 524_288 + 2 * 2 * 524_288, guided.Sharded.Flops);
        Assert.Equal((PerToken - 3 * 2 * 6 * (16_384 - 5_120)) * 256m, lowRank.Whole.Flops);

        // 985,344 bytes at 3 GB/s: 0.493 ms for four ranks and 0.328 for two, which compute for 0.377 and 0.755.
        Assert.Equal(1.5 * 985_344 / 3e9, dense.Whole.WireSeconds!.Value, 1e-15);
        Assert.Equal(1_474_560 * 256 / 1e12, dense.Whole.ComputeSeconds!.Value, 1e-15);
        Assert.True(dense.Whole.IsNetworkBound);
        Assert.Equal((335m, 2), (dense.Whole.LeastTokensPerRank, dense.Whole.MostRanks));

        static decimal Ring(decimal numbers) => numbers * 4 * 3 / 4;
    }

    [Fact]
    public void Other_optimizers_of_a_small_model_are_counted_by_hand()
    {
        const int Other = 66_112;
        const int LowRank = 178_752;
        var (dense, guided, muon) = Of(OptimizerKind.Muon);
        Assert.Equal((2 * Other + LowRank - Other) * 4m, muon.Whole.StateBytes);
        Assert.Equal((2 * Other + 246_336 - Other) * 4m, dense.Whole.StateBytes);
        Assert.Equal((2 * Other + LowRank + 6 * 16_384 - Other) * 4m, guided.Whole.StateBytes);
        // The third rank ends with the attention's first matrix of the second block.
        Assert.Equal((61_824 * 4m, 61_216 * 4m), (muon.Sharded.StateBytes, muon.Sharded.EvenStateBytes));

        // Vectors of 256 + 16 and 64 + 16 for each of three pairs.
        var (_, _, spectron) = Of(OptimizerKind.Spectron);
        Assert.Equal(muon.Whole.StateBytes + 3 * 352 * 4, spectron.Whole.StateBytes);

        // Rank 4: 4·(64 + 2·128), 4·(64 + 2·64) in four blocks, twice 4·(64 + 2·256) in one; AdamW's for the factors.
        var (_, _, galore) = Of(OptimizerKind.GaLore);
        Assert.Equal((2 * (Other + 6 * 5_120) + 4 * (1_280 + 768) + 2 * 2_304) * 4m, galore.Whole.StateBytes);
        Assert.Equal(Other + 6 * 5_120 + 4 * 4 * (128 + 64) + 2 * 4 * 256, galore.ReducedNumbers);
        Assert.Equal(LowRank, galore.RefreshNumbers);
        // Of 976 steps the first and every fiftieth after it project anew.
        Assert.Equal((galore.ReducedNumbers * 956m + LowRank * 20m) * 2 * 4 * 3 / 4, galore.Whole.RunSentBytes);
    }

    [Fact]
    public void More_ranks_hold_no_more_and_send_no_less()
    {
        var entry = SmallRuns.Find(nameof(SmallDeclared));
        foreach (var kind in Enum.GetValues<OptimizerKind>())
        {
            RankCost? before = null;
            foreach (var ranks in new[] { 1, 2, 3, 5, 8, 16 })
            {
                var cost = RankCost.All(entry, Job(ranks, kind)).Single(cost => cost.Variant == Variant.Guided);
                Assert.True(before is null || cost.Sharded.HeldBytes <= before.Sharded.HeldBytes);
                Assert.True(before is null || cost.Sharded.SentBytes > before.Sharded.SentBytes);
                // All of it is somewhere.
                Assert.True(cost.Sharded.StateBytes * ranks >= cost.Whole.StateBytes);
                before = cost;
            }
        }
    }

    private static (RankCost Dense, RankCost Guided, RankCost LowRank) Of(OptimizerKind kind)
    {
        var costs = RankCost.All(SmallRuns.Find(nameof(SmallDeclared)), Job(4, kind));
        Assert.Equal([Variant.Dense, Variant.Guided, Variant.LowRank], costs.Select(cost => cost.Variant));
        return (costs[0], costs[1], costs[2]);
    }

    private static RankJob Job(int ranks, OptimizerKind kind) =>
        new(ranks, 16, 4, kind, GaLoreRank, 50)
        {
            Steps = 976,
            Links = new(3e9, 0, null),
            FlopsPerSecond = 1e12,
        };

    private static Walked Walk(ModelEntry entry, Variant variant, OptimizerKind kind)
    {
        using var model = Variants.Create(entry, variant, new ModelOptions { Seed = 1 });
        if (variant == Variant.Lora)
            model.FreezeAllButAdapters();
        var kinds = new ParameterKinds(model);
        var factored = model.modules().OfType<LowRankLinear>().Where(linear => linear.Guide is not null);
        var projected = factored.SelectMany(linear => new[] { linear.U, linear.V }).ToHashSet(ReferenceEqualityComparer.Instance);
        long held = 0,
            trained = 0,
            guides = 0,
            reduced = 0,
            full = 0;
        foreach (var (_, parameter) in model.named_parameters())
        {
            var count = parameter.NumberOfElements;
            held += count;
            if (!parameter.requires_grad)
                continue;
            trained += count;
            if (kinds.Of(parameter) == ParameterKind.Guide)
                guides += count;
            if (projected.Contains(parameter))
                continue;
            full += count;
            reduced +=
                kind == OptimizerKind.GaLore && kinds.Of(parameter) == ParameterKind.Matrix
                    ? GaLoreRank * Math.Max(parameter.shape[0], parameter.shape[1])
                    : count;
        }

        return new(held, trained, guides, reduced, full, State(model, kind));
    }

    private static long State(LanguageModel model, OptimizerKind kind)
    {
        using var parameters = new FlatParameters(model);
        // Without factors the rest of Spectron is Muon.
        if (kind == OptimizerKind.Spectron && parameters.Buffers.All(buffer => buffer.Kind != ParameterKind.Factor))
            kind = OptimizerKind.Muon;
        _ = Optimizers.Create(parameters, SmallRuns.Options(null).WithOptimizer(kind) with { GaLoreRank = GaLoreRank });
        var numbers = 0L;
        foreach (var state in parameters.Buffers.SelectMany(buffer => buffer.State()))
        {
            using var whole = state.Own!();
            numbers += whole.NumberOfElements;
        }

        return numbers;
    }

    private sealed record Walked(long Held, long Trained, long Guides, long Reduced, long ReducedInFull, long State);
}
