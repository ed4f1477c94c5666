using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Whole runs of models of the published forms: resumed, in both precisions, and the examples.</summary>
public sealed class FormRunTests
{
    [Theory]
    [InlineData("CappedForm", Variant.Guided, 7, true)]
    [InlineData("OlmoForm", Variant.Guided, 4, false)]
    [InlineData("SideBySideAfter", Variant.Dense, 5, true)]
    public void A_run_that_was_killed_or_stopped_goes_on_bit_for_bit(string model, Variant variant, int step, bool isKilled) =>
        SmallRuns.GoesOnBitForBit(model, variant, options => options, step, isKilled);

    [Fact]
    public void So_does_one_in_brain_floats() =>
        SmallRuns.GoesOnBitForBit("OlmoForm", Variant.Guided, options => options with { Precision = "bf16" }, step: 5, isKilled: true);

    [Theory]
    [InlineData("Gemma3Xs")]
    [InlineData("Olmo2Xs")]
    public void The_examples_learn(string model)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder, vocabulary: 512);
        var entry = ModelCatalog.Find($"LowRank.Examples.Models.{model}").Single();
        var log = new StepLog();
        var options = SmallRuns.Options(null) with { Steps = 24, Context = 32, LearningRate = 1e-2 };
        new Trainer(entry, Variant.Guided, data, options, log).Run(default);
        var losses = log.Steps.Select(step => step.Loss).ToList();
        Assert.True(losses.TakeLast(4).Average() < losses.Take(4).Average() - 0.5, string.Join(" ", losses));
    }
}
