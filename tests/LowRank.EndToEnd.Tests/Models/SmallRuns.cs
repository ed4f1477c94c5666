using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Data;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Whole runs of a few steps, checkpoints at every second.</summary>
internal static class SmallRuns
{
    public const int Steps = 12;

    public static ModelEntry Find(string model) => ModelCatalog.Models.Single(entry => entry.Name == model);

    public static TokenDataset Data(WorkFolder folder, int vocabulary = 300) =>
        TokenDataset.Prepare(
            new CorpusOptions
            {
                TextPaths = [folder.Text],
                Vocabulary = vocabulary,
                ValidationFraction = 0.1,
                CacheDirectory = folder.Under("cache"),
            },
            progress: null,
            default
        );

    public static TrainingOptions Options(string? output) =>
        new()
        {
            Steps = Steps,
            SequencesPerStep = 4,
            SequencesPerMicroBatch = 2,
            Context = 16,
            LearningRate = 3e-3,
            Seed = 5,
            EvaluateEvery = 3,
            EvaluationSequences = 2,
            FinalEvaluationSequences = 4,
            CheckpointEvery = output is null ? 0 : 2,
            Output = output,
        };

    /// <summary>Kills or stops a run after a step, goes on, and holds every step against the undisturbed run.</summary>
    public static void GoesOnBitForBit(string model, Variant variant, Func<TrainingOptions, TrainingOptions> with, int step, bool isKilled)
    {
        using var folder = new WorkFolder();
        using var data = Data(folder);
        var entry = Find(model);
        var expected = new StepLog();
        var whole = new Trainer(entry, variant, data, with(Options(null)), expected).Run(default);
        Assert.Equal(Steps, expected.Steps.Count);

        var options = with(Options(folder.Under("run")));
        using var stop = new CancellationTokenSource();
        var first = new StepLog
        {
            At = step,
            Then = () =>
            {
                stop.Cancel();
                if (isKilled)
                    throw new KilledException();
            },
        };
        var trainer = new Trainer(entry, variant, data, options, first);
        if (isKilled)
            Assert.Throws<KilledException>(() => trainer.Run(stop.Token));
        else
            Assert.True(trainer.Run(stop.Token).Stopped);

        var second = new StepLog();
        var resumed = new Trainer(entry, variant, data, options with { Resume = true }, second).Run(default);
        var kept = isKilled ? (step - 1) / 2 * 2 : step;
        Assert.Equal(expected.Steps.Skip(kept), second.Steps);
        Assert.Equal(expected.Steps.Take(kept), first.Steps.Take(kept));
        Assert.Equal(whole.ValidationLoss, resumed.ValidationLoss);
        Assert.Equal(whole.TrainingFlops, resumed.TrainingFlops);
        Assert.Equal(whole.Parameters, resumed.Parameters);
    }
}
