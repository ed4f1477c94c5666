using LowRank.Training.Checkpoints;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.Training.Tests.Loop;

public sealed class OptimizerRunTests(TrainingText text)
{
    public static TheoryData<OptimizerKind, Variant> Runs
    {
        get
        {
            var runs = new TheoryData<OptimizerKind, Variant>();
            foreach (var kind in Enum.GetValues<OptimizerKind>())
            {
                runs.Add(kind, Variant.Guided);
                runs.Add(kind, Variant.LowRank);
            }

            return runs;
        }
    }

    // Killed between new projections, which come at every third step; with guides once before and once after the phase-out at step 6.
    [Theory]
    [MemberData(nameof(Runs))]
    public void A_killed_run_goes_on_bit_for_bit(OptimizerKind kind, Variant variant)
    {
        var expected = new RecordingObserver();
        var whole = Train(Options(kind), variant, expected);
        foreach (var killedAfter in variant == Variant.Guided ? new[] { 4, 7 } : [4])
        {
            using var folder = new TemporaryFolder();
            var options = Options(kind, folder.Path) with { CheckpointEvery = 1 };
            var first = new RecordingObserver
            {
                OnStep = metrics =>
                {
                    if (metrics.Step == killedAfter)
                        throw new OperationCanceledException();
                },
            };
            Assert.Throws<OperationCanceledException>(() => Train(options, variant, first));
            var second = new RecordingObserver();
            var resumed = Train(options with { Resume = true }, variant, second);

            // The step that was killed was taken and not saved: it is taken again.
            Assert.Equal(killedAfter, second.Steps[0].Step);
            var steps = first.Steps.Take(killedAfter - 1).Concat(second.Steps).ToList();
            Assert.Equal(expected.Steps.Select(step => step.Loss), steps.Select(step => step.Loss));
            Assert.Equal(expected.Steps.Select(step => step.GradientNorm), steps.Select(step => step.GradientNorm));
            Assert.Equal(whole.ValidationLoss, resumed.ValidationLoss);
        }
    }

    [Theory]
    [InlineData(OptimizerKind.Muon)]
    [InlineData(OptimizerKind.Spectron)]
    [InlineData(OptimizerKind.GaLore)]
    public void The_loss_falls(OptimizerKind kind)
    {
        var observer = new RecordingObserver();
        Train(Options(kind, steps: 40), Variant.Guided, observer);
        Assert.True(observer.Steps[^1].Loss < observer.Steps[0].Loss - 0.5, $"{observer.Steps[0].Loss} → {observer.Steps[^1].Loss}");
    }

    [Theory]
    [InlineData(OptimizerKind.Muon)]
    [InlineData(OptimizerKind.Spectron)]
    [InlineData(OptimizerKind.GaLore)]
    public void Accumulated_micro_batches_train_like_one_batch(OptimizerKind kind)
    {
        var once = new RecordingObserver();
        Train(Options(kind) with { SequencesPerMicroBatch = 8 }, Variant.LowRank, once);
        var accumulated = new RecordingObserver();
        Train(Options(kind) with { SequencesPerMicroBatch = 2 }, Variant.LowRank, accumulated);
        for (var step = 0; step < once.Steps.Count; step++)
            Assert.Equal(once.Steps[step].Loss, accumulated.Steps[step].Loss, 5e-3);
    }

    [Fact]
    public void Steps_that_are_read_together_are_the_steps_that_are_read_one_by_one()
    {
        var one = new RecordingObserver();
        var result = Train(Options(OptimizerKind.AdamW), Variant.Guided, one);
        using var folder = new TemporaryFolder();
        var seen = new List<int>();
        RecordingObserver? observer = null;
        observer = new RecordingObserver { OnStep = _ => seen.Add(observer!.Checkpoints.Count) };
        var together = Train(
            Options(OptimizerKind.AdamW, folder.Path) with
            {
                LogEvery = 5,
                CheckpointEvery = 7,
                EvaluateEvery = 12,
            },
            Variant.Guided,
            observer
        );
        Assert.Equal(one.Steps.Select(Facts), observer.Steps.Select(Facts));
        Assert.Equal(result.TrainingFlops, together.TrainingFlops);
        Assert.Equal(result.GuidedSteps, together.GuidedSteps);
        Assert.Equal(result.ValidationLoss, together.ValidationLoss);
        // A checkpoint is written only after the steps before it were read.
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1], seen);

        static (long, double, double, double, decimal) Facts(StepMetrics step) =>
            (step.Step, step.Loss, step.GradientNorm, step.Alpha, step.TrainingFlops);
    }

    [Fact]
    public void A_diverged_run_is_noticed_before_a_checkpoint_is_written()
    {
        using var folder = new TemporaryFolder();
        var options = Options(OptimizerKind.AdamW, folder.Path) with
        {
            LearningRate = 1e30,
            WeightDecay = 0,
            WarmupFraction = 0,
            LogEvery = 100,
            CheckpointEvery = 6,
            EvaluateEvery = 100,
        };
        var exception = Assert.Throws<TrainingDivergedException>(() => Train(options, Variant.LowRank, new RecordingObserver()));
        Assert.Contains("diverged", exception.Message, StringComparison.Ordinal);
        Assert.Null(Checkpoint.Newest(folder.Path));
    }

    [Fact]
    public void A_run_is_resumed_only_with_its_optimizer()
    {
        using var folder = new TemporaryFolder();
        var options = Options(OptimizerKind.GaLore, folder.Path, steps: 2);
        Train(options, Variant.LowRank, new RecordingObserver());
        var other = Assert.Throws<InputException>(() =>
            Train(options with { Resume = true, Optimizer = OptimizerKind.AdamW }, Variant.LowRank, new RecordingObserver())
        );
        Assert.Contains("Optimizer was galore and is now adamw", other.Message, StringComparison.Ordinal);
        var rank = Assert.Throws<InputException>(() =>
            Train(options with { Resume = true, GaLoreRank = 4 }, Variant.LowRank, new RecordingObserver())
        );
        Assert.Contains("GaLoreRank was 8 and is now 4", rank.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_cannot_work_are_refused_in_one_sentence()
    {
        AssertRefused("Momentum must be from 0 to below 1, not 1", Options(OptimizerKind.Muon) with { Momentum = 1 });
        AssertRefused("SpectronLearningRate must be above 0, not 0", Options(OptimizerKind.Spectron) with { SpectronLearningRate = 0 });
        AssertRefused("GaLoreGap must be at least 1, not 0", Options(OptimizerKind.GaLore) with { GaLoreGap = 0 });
        AssertRefused("GaLoreRank 65 is larger than the smaller side of", Options(OptimizerKind.GaLore) with { GaLoreRank = 65 });
        AssertRefused("LogEvery must be at least 1, not 0", Options(OptimizerKind.AdamW) with { LogEvery = 0 });
        Assert.Contains(
            "use adamw, muon, spectron, galore",
            Assert.Throws<InputException>(() => OptimizerKinds.Parse("sgd")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void GaLore_brings_its_references_defaults()
    {
        var options = TrainingText.Options().WithOptimizer(OptimizerKind.GaLore);
        Assert.Equal((0.01, 0.0, 0.999, 1e-6), (options.LearningRate, options.WeightDecay, options.Beta2, options.Epsilon));
        Assert.Equal((128, 200, 0.25), (options.GaLoreRank, options.GaLoreGap, options.GaLoreScale));
        Assert.Equal(options, options.WithOptimizer(OptimizerKind.GaLore));
    }

    private static TrainingOptions Options(OptimizerKind kind, string? output = null, long steps = 12) =>
        TrainingText.Options(output, steps).WithOptimizer(kind) with
        {
            GaLoreRank = 8,
            GaLoreGap = 3,
            SpectronLearningRate = 0.05,
        };

    private RunResult Train(TrainingOptions options, Variant variant, RecordingObserver observer) =>
        new Trainer(TrainingText.Small, variant, text.Data, options, observer).Run(default);

    private void AssertRefused(string sentence, TrainingOptions options)
    {
        var exception = Assert.Throws<InputException>(() => Train(options, Variant.LowRank, new RecordingObserver()));
        Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
    }
}
