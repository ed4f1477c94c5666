using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>The examples of today's architectures train, go on bit for bit, and decode as they compute.</summary>
public sealed class ArchitectureRunTests
{
    private static readonly string[] Examples = ["DeepSeekXs", "StateSpaceXs"];

    public static TheoryData<string> Names => [.. Examples];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_learns(string name)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var log = new StepLog();
        var options = SmallRuns.Options(null) with { Steps = 60, EvaluateEvery = 0 };
        _ = new Trainer(SmallRuns.Find(name), Variant.Guided, data, options, log).Run(default);
        var losses = log.Steps.Select(step => step.Loss).ToList();
        Assert.Equal(60, losses.Count);
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
        Assert.True(losses[^10..].Average() < losses[..5].Average() - 0.5, $"{losses[0]} → {losses[^1]}");
    }

    [Theory]
    [InlineData("DeepSeekXs", Variant.Guided, OptimizerKind.AdamW)]
    [InlineData("DeepSeekXs", Variant.Guided, OptimizerKind.Muon)]
    [InlineData("DeepSeekXs", Variant.LowRank, OptimizerKind.GaLore)]
    [InlineData("DeepSeekXs", Variant.LowRank, OptimizerKind.Spectron)]
    [InlineData("Gemma3Xs", Variant.LowRank, OptimizerKind.GaLore)]
    [InlineData("Gemma3Xs", Variant.Guided, OptimizerKind.Muon)]
    [InlineData("Olmo2Xs", Variant.LowRank, OptimizerKind.GaLore)]
    [InlineData("AdaptedForms", Variant.Lora, OptimizerKind.AdamW)]
    [InlineData("AdaptedDeepSeek", Variant.Lora, OptimizerKind.AdamW)]
    [InlineData("StateSpaceXs", Variant.LowRank, OptimizerKind.AdamW)]
    public void A_stopped_run_goes_on_bit_for_bit(string name, Variant variant, OptimizerKind optimizer) =>
        SmallRuns.GoesOnBitForBit(
            name,
            variant,
            options => options with { Optimizer = optimizer, GaLoreRank = 8 },
            step: 5,
            isKilled: true
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void Decoding_with_a_cache_is_the_full_pass(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = SmallRuns.Find(name).Create(new ModelOptions { DataType = ScalarType.Float64, Seed = 2 });
        var tokens = randint(0, 300, [2, 16], ScalarType.Int64);
        var expected = model.forward(tokens);
        using var cache = new KeyValueCache(2, 16);
        var position = 0;
        foreach (var part in new[] { 9, 1, 1, 5 })
        {
            var logits = model.Decode(tokens.narrow(1, position, part), cache);
            position += part;
            Assert.True(allclose(expected.select(1, position - 1), logits, 1e-9, 1e-9));
        }
    }
}
