using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Checkpoints;
using LowRank.Training.Data;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Runs whose factors become dense layers on the way.</summary>
public sealed class DensePhaseTests
{
    private const int Steps = 12;
    private const double DenseFrom = 0.5;
    private const int FirstDense = 6;

    [Theory]
    [InlineData(5, true)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [InlineData(7, false)]
    [InlineData(10, false)]
    public void A_run_that_was_killed_or_stopped_goes_on_bit_for_bit(int step, bool isKilled)
    {
        using var folder = new WorkFolder();
        using var data = Data(folder);
        var entry = Find("ResidualForm");
        var expected = new StepLog();
        var whole = new Trainer(entry, Variant.LowRank, data, Options(null), expected).Run(default);
        Assert.Equal(Steps, expected.Steps.Count);

        var output = folder.Under("run");
        using var stop = new CancellationTokenSource();
        var first = new StepLog { At = step, Then = () => { stop.Cancel(); if (isKilled) throw new KilledException(); } };
        var trainer = new Trainer(entry, Variant.LowRank, data, Options(output), first);
        if (isKilled)
            Assert.Throws<KilledException>(() => trainer.Run(stop.Token));
        else
            Assert.True(trainer.Run(stop.Token).Stopped);

        var second = new StepLog();
        var resumed = new Trainer(entry, Variant.LowRank, data, Options(output) with { Resume = true }, second).Run(default);
        var skipped = isKilled ? (step - 1) / 2 * 2 : step;
        Assert.Equal(expected.Steps.Skip(skipped), second.Steps);
        Assert.Equal(expected.Steps.Take(skipped), first.Steps.Take(skipped));
        Assert.Equal(whole.ValidationLoss, resumed.ValidationLoss);
        Assert.Equal(whole.TrainingFlops, resumed.TrainingFlops);
        Assert.Equal(whole.Parameters, resumed.Parameters);
    }

    [Theory]
    [InlineData("ResidualForm")]
    [InlineData("BalancedForm")]
    public void The_dense_layers_begin_as_the_function_of_the_factors_and_cost_what_they_cost(string model)
    {
        using var folder = new WorkFolder();
        using var data = Data(folder);
        var entry = Find(model);
        var (log, factored) = (new StepLog(), new StepLog());
        var result = new Trainer(entry, Variant.LowRank, data, Options(null), log).Run(default);
        _ = new Trainer(entry, Variant.LowRank, data, Options(null) with { DenseFrom = null }, factored).Run(default);

        Assert.Equal(factored.Steps.Take(FirstDense), log.Steps.Take(FirstDense));
        Assert.Equal(At(factored, FirstDense), At(log, FirstDense), 1e-5);
        Assert.NotEqual(At(factored, Steps), At(log, Steps), 1e-5);
        Assert.Equal([(FirstDense, entry.Dense!.Cost.Parameters - entry.Cost.Parameters)], log.Densified);
        Assert.Equal(entry.Cost.Parameters, result.ParametersAtStart);
        Assert.Equal(entry.Dense.Cost.Parameters, result.Parameters);
        decimal Flops(ModelEntry trained, long steps) => trained.Cost.TrainingFlops(steps, 4, 16, guided: false);
        Assert.Equal(Flops(entry, FirstDense) + Flops(entry.Dense, Steps - FirstDense), result.TrainingFlops);

        static double At(StepLog log, long step) => log.Evaluations.Single(evaluation => evaluation.Step == step).Loss;
    }

    [Fact]
    public void What_is_saved_is_the_dense_variant_of_the_model()
    {
        using var folder = new WorkFolder();
        using var data = Data(folder);
        var output = folder.Under("run");
        var result = new Trainer(Find("ResidualForm"), Variant.LowRank, data, Options(output), new StepLog()).Run(default);
        Assert.Equal(Variant.LowRank, result.Variant);
        var checkpoint = Checkpoint.Open(output);
        Assert.Equal(Variant.Dense, checkpoint.Info.Variant);
        using var model = checkpoint.LoadModel("cpu", "fp32");
        Assert.IsType<ResidualForm.Dense>(model);
        Assert.Empty(model.FactoredLinears);
        Assert.Equal(result.Parameters, model.parameters().Sum(parameter => parameter.NumberOfElements));

        // Without the option it would be another run.
        var other = new Trainer(Find("ResidualForm"), Variant.LowRank, data, Options(output) with { DenseFrom = 0.75, Resume = true }, new StepLog());
        Assert.Contains("--dense-from was 0.5 and is now 0.75", Assert.Throws<InputException>(() => other.Run(default)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ResidualForm", Variant.Guided, 0.5, "--variant lowrank")]
    [InlineData("ResidualForm", Variant.Dense, 0.5, "--variant lowrank")]
    [InlineData("ResidualForm", Variant.LowRank, 1.0, "above 0 and below 1")]
    [InlineData("ResidualForm", Variant.LowRank, double.NaN, "above 0 and below 1")]
    [InlineData("ResidualForm", Variant.LowRank, 0.01, "leaves none for the factors")]
    [InlineData("ColaForm", Variant.LowRank, 0.5, "activation between them")]
    [InlineData("QwenForm", Variant.LowRank, 0.5, "[DenseBaseline]")]
    public void What_cannot_become_dense_is_refused_before_anything_is_trained(string model, Variant variant, double denseFrom, string reason)
    {
        using var folder = new WorkFolder();
        using var data = Data(folder);
        var refused = Assert.Throws<InputException>(() => new Trainer(Find(model), variant, data, Options(null) with { DenseFrom = denseFrom }, new StepLog()));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private static ModelEntry Find(string model) => ModelCatalog.Find($"LowRank.EndToEnd.Tests.Models.{model}").Single();

    private static TokenDataset Data(WorkFolder folder) => TokenDataset.Prepare(
        new CorpusOptions { TextPaths = [folder.Text], Vocabulary = 300, ValidationFraction = 0.1, CacheDirectory = folder.Under("cache") }, progress: null, default);

    private static TrainingOptions Options(string? output) => new()
    {
        Steps = Steps,
        SequencesPerStep = 4,
        SequencesPerMicroBatch = 2,
        Context = 16,
        LearningRate = 3e-3,
        DenseFrom = DenseFrom,
        Seed = 5,
        EvaluateEvery = 3,
        EvaluationSequences = 4,
        FinalEvaluationSequences = 4,
        CheckpointEvery = output is null ? 0 : 2,
        Output = output,
    };
}
