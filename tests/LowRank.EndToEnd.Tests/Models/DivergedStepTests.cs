using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Models;

public sealed class DivergedStepTests
{
    // The factors are rebalanced by a solver that refuses what a diverged step leaves, before the step's loss is read.
    [Fact]
    public void What_a_diverged_step_breaks_ends_in_the_message_for_it()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var options = SmallRuns.Options(null) with
        {
            LearningRate = 1e30,
            WeightDecay = 0,
            WarmupFraction = 0,
            LogEvery = 100,
            EvaluateEvery = 0,
        };
        var diverged = Assert.Throws<TrainingDivergedException>(() =>
            new Trainer(SmallRuns.Find("BalancedForm"), Variant.LowRank, data, options, new StepLog()).Run(default)
        );
        Assert.Contains("Step 2 diverged: loss ", diverged.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)] // The first step of the dense layers is the one after the step that diverged.
    public void Factors_that_become_dense_end_in_the_message_too(double denseFrom)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var options = SmallRuns.Options(folder.Under("run")) with
        {
            LearningRate = 1e30,
            WeightDecay = 0,
            WarmupFraction = 0,
            DenseFrom = denseFrom,
            EvaluateEvery = 0,
        };
        Assert.Throws<TrainingDivergedException>(() =>
            new Trainer(SmallRuns.Find("SmallDeclared"), Variant.LowRank, data, options, new StepLog()).Run(default)
        );
        Assert.Empty(
            Directory.Exists(folder.Under("run/checkpoints")) ? Directory.GetDirectories(folder.Under("run/checkpoints"), "step-*") : []
        );
    }
}
