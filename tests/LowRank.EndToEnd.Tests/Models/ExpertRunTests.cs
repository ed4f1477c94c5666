using LowRank.EndToEnd.Tests.Processes;
using LowRank.EndToEnd.Tests.Ranks;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Checkpoints;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Whole runs of mixtures of experts: resumed bit for bit, on several ranks, adapted, saved with their biases.</summary>
public sealed class ExpertRunTests
{
    [Theory]
    [InlineData("MixtralForm", Variant.Guided, OptimizerKind.AdamW, 5, true)]
    [InlineData("MixtralForm", Variant.LowRank, OptimizerKind.Spectron, 7, false)]
    [InlineData("DeepSeekForm", Variant.LowRank, OptimizerKind.Muon, 7, true)]
    [InlineData("SwitchForm", Variant.Dense, OptimizerKind.GaLore, 4, false)]
    public void A_run_goes_on_bit_for_bit(string model, Variant variant, OptimizerKind optimizer, int step, bool isKilled) =>
        SmallRuns.GoesOnBitForBit(model, variant, options => options with { Optimizer = optimizer, GaLoreRank = 4 }, step, isKilled);

    [Fact]
    public void A_bias_is_saved_and_loaded_with_the_weights_and_is_no_parameter()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var log = new StepLog();
        new Trainer(SmallRuns.Find("DeepSeekForm"), Variant.LowRank, data, SmallRuns.Options(folder.Under("run")), log).Run(default);
        using var saved = ModelCheckpoint.Load(folder.Under("run"));
        var bias = saved.Model.Mixtures.First().Router.BalanceBias!;
        Assert.DoesNotContain(saved.Model.named_parameters(), named => named.name.Contains("bias", StringComparison.Ordinal));
        Assert.Contains("blocks.1.mixture.router.balance_bias", saved.Model.state_dict().Keys);
        // Twelve steps of 0.01 each way.
        var values = bias.data<float>().ToArray();
        Assert.Contains(values, value => value != 0);
        Assert.All(values, value => Assert.InRange(Math.Abs(value), 0, 0.1201));
        ModelCheckpoint.Save(saved.Model, folder.Under("copy"), tokenizer: null);
        using var copy = ModelCheckpoint.Load(folder.Under("copy"));
        Assert.Equal(values, copy.Model.Mixtures.First().Router.BalanceBias!.data<float>().ToArray());
    }

    [Theory]
    [InlineData("MixtralForm", Variant.Guided, Sharding.None, 3)]
    [InlineData("DeepSeekForm", Variant.LowRank, Sharding.Optimizer, 2)]
    [InlineData("DeepSeekForm", Variant.LowRank, Sharding.None, 4)]
    public void Ranks_move_alike(string model, Variant variant, Sharding sharding, int world)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find(model);
        var options = SmallRuns.Options(null) with { Sharding = sharding };
        var (alone, together) = (new StepLog(), new StepLog());
        var expected = new Trainer(entry, variant, data, options, alone).Run(default);
        ThreadRanks.Run(
            world,
            group =>
            {
                var result = new Trainer(entry, variant, data, options, together) { Group = group }.Run(default);
                Assert.Equal(expected.ValidationLoss, result.ValidationLoss, 1e-4);
                return result;
            }
        );
        Assert.Equal(SmallRuns.Steps, together.Steps.Count);
        Assert.Equal(SmallRuns.Steps, together.Experts.Count);
        foreach (var (one, other) in alone.Steps.Zip(together.Steps))
            Assert.Equal(one.Loss, other.Loss, 1e-5 * one.Loss);
        foreach (var (one, other) in alone.Experts.Zip(together.Experts))
        {
            Assert.Equal(one.BalanceLoss, other.BalanceLoss, 1e-5);
            Assert.Equal(one.LargestLoad, other.LargestLoad, 1e-9);
            Assert.InRange(one.LargestLoad, 1, 6);
        }
    }

    [Fact]
    public void Declared_adapters_of_experts_are_trained_and_their_router_stays()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find("SwitchForm");
        var options = SmallRuns.Options(folder.Under("start")) with { Steps = 2, CheckpointEvery = 0 };
        new Trainer(entry, Variant.Dense, data, options, new StepLog()).Run(default);
        var log = new StepLog();
        // The context at which the costs are declared.
        var tuned = SmallRuns.Options(folder.Under("tuned")) with
        {
            From = folder.Under("start"),
            Context = 32,
        };
        var result = new Trainer(entry, Variant.Lora, data, tuned, log).Run(default);
        Assert.Equal(entry.Cost.Adapters!.TrainingFlopsPerToken * 32m * 4 * SmallRuns.Steps, result.TrainingFlops);
        using var start = ModelCheckpoint.Load(folder.Under("start"));
        using var end = ModelCheckpoint.Load(folder.Under("tuned"));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (before, after) in start.Model.Mixtures.Zip(end.Model.Mixtures))
        {
            Assert.True(allclose(before.Router.Weight, after.Router.Weight, 0, 0));
            Assert.All(after.Experts, expert => Assert.IsType<LoraLinear>(expert.Up));
            Assert.Contains(after.Experts, expert => ((LoraLinear)expert.Up).Adapters[0].B.abs().max().item<float>() > 0);
        }
    }

    [Theory]
    [InlineData(FineTuningMethod.Lora)]
    [InlineData(FineTuningMethod.LowRank)]
    public void Experts_are_changed_one_by_one(FineTuningMethod method)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find("SwitchForm");
        var options = SmallRuns.Options(folder.Under("start")) with { Steps = 2, CheckpointEvery = 0 };
        new Trainer(entry, Variant.Dense, data, options, new StepLog()).Run(default);
        var tuning = new FineTuningOptions
        {
            Method = method,
            Rank = 4,
            Projections = Projections.Up | Projections.Down,
        };
        var tuned = SmallRuns.Options(folder.Under("tuned")) with { From = folder.Under("start"), FineTuning = tuning };
        new Trainer(entry, Variant.Dense, data, tuned, new StepLog()).Run(default);
        using var end = ModelCheckpoint.Load(folder.Under("tuned"));
        Assert.All(
            end.Model.Mixtures.SelectMany(mixture => mixture.Experts),
            expert => Assert.IsType(method == FineTuningMethod.Lora ? typeof(LoraLinear) : typeof(LowRankLinear), expert.Down)
        );
    }

    [Fact]
    public void What_knows_no_mixtures_refuses_them()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find("MixtralForm");
        var dense = SmallRuns.Options(null) with { DenseFrom = 0.5 };
        var refused = Assert.Throws<InputException>(() => new Trainer(entry, Variant.LowRank, data, dense, new StepLog()));
        Assert.Contains("not those of experts", refused.Message, StringComparison.Ordinal);
        using var model = entry.Create(new ModelOptions());
        var exported = Assert.Throws<InputException>(() => LowRank.Training.Weights.DeclaredWeights.Of(model));
        Assert.Contains("block 0 is a mixture of experts", exported.Message, StringComparison.Ordinal);
    }
}
