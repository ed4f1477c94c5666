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

    [Theory]
    [InlineData("MixtralForm")]
    [InlineData("DeepSeekForm")]
    public void Factors_of_experts_are_taken_over_as_dense_ones_with_the_bias_of_their_choice(string model)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find(model);
        new Trainer(entry, Variant.LowRank, data, SmallRuns.Options(folder.Under("run")), new StepLog()).Run(default);
        using var saved = ModelCheckpoint.Load(folder.Under("run"));
        using var dense = Variants.Create(entry, Variant.Dense, new ModelOptions { Seed = 9 });
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var tokens = randint(0, 300, [2, 32], ScalarType.Int64);
        Assert.True((dense.forward(tokens) - saved.Model.forward(tokens)).abs().max().item<float>() > 0.1);
        Assert.Empty(LowRank.Training.Weights.WeightTransfer.Load(saved.Model, folder.Under("run"), dense));
        Assert.Equal(0, (dense.forward(tokens) - saved.Model.forward(tokens)).abs().max().item<float>(), 1e-4);
        if (saved.Model.Mixtures.First().Router.BalanceBias is { } bias)
            Assert.Equal(bias.data<float>().ToArray(), dense.Mixtures.First().Router.BalanceBias!.data<float>().ToArray());

        var options = SmallRuns.Options(folder.Under("dense")) with { From = folder.Under("run") };
        var log = new StepLog();
        new Trainer(entry, Variant.Dense, data, options, log).Run(default);
        Assert.NotEmpty(log.Steps);
    }

    [Fact]
    public void Factors_of_experts_become_dense_in_a_run()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var options = SmallRuns.Options(folder.Under("run")) with { DenseFrom = 0.5 };
        new Trainer(SmallRuns.Find("MixtralForm"), Variant.LowRank, data, options, new StepLog()).Run(default);
        using var end = ModelCheckpoint.Load(folder.Under("run"));
        Assert.All(end.Model.Mixtures.SelectMany(mixture => mixture.Experts), expert => Assert.IsType<Linear>(expert.Down));
    }

    [Fact]
    public void Another_mixture_is_another_architecture()
    {
        using var folder = new WorkFolder();
        using var source = SmallRuns.Find("MixtralForm").Create(new ModelOptions());
        using var target = SmallRuns.Find("MixtureAfter").Create(new ModelOptions());
        var refused = Assert.Throws<InputException>(() => LowRank.Training.Weights.WeightTransfer.Load(source, folder.Path, target));
        Assert.Contains("experts: declared 2 of 4 experts of 24 and a shared layer of 24", refused.Message, StringComparison.Ordinal);
        Assert.Contains("the checkpoint has 2 of 4 experts of 48", refused.Message, StringComparison.Ordinal);
    }
}
