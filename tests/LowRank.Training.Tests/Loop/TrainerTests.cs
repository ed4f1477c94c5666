using LowRank.Costs;
using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Training.Checkpoints;
using LowRank.Training.Data;
using LowRank.Training.Evaluation;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.SafeTensors;

namespace LowRank.Training.Tests.Loop;

public sealed class TrainerTests(TrainingText text)
{
    [Fact]
    public void A_run_that_is_stopped_at_a_saved_step_saves_it_once()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        void Stop(long step)
        {
            if (step == 4)
                stop.Cancel();
        }

        var observer = new RecordingObserver { OnCheckpoint = Stop };
        var options = TrainingText.Options(folder.Path) with { CheckpointEvery = 2 };
        var result = new Trainer(TrainingText.Small, Variant.Guided, text.Data, options, observer).Run(stop.Token);
        Assert.True(result.Stopped);
        Assert.Equal(["step-000000002", "step-000000004"], observer.Checkpoints.Select(Path.GetFileName));
        Assert.Equal(observer.Checkpoints[1], result.Checkpoint);
    }

    [Fact]
    public void The_loss_falls_and_the_flops_are_those_the_compiler_predicts()
    {
        var observer = new RecordingObserver();
        var options = TrainingText.Options(steps: 40);
        var result = new Trainer(TrainingText.Small, Variant.Guided, text.Data, options, observer).Run(default);

        Assert.True(observer.Steps[^1].Loss < observer.Steps[0].Loss - 0.5, $"{observer.Steps[0].Loss} → {observer.Steps[^1].Loss}");
        var cost = SmallTransformer.Cost.Summary;
        Assert.Equal(cost.TrainingFlops(40, 8, 32, guided: true), result.TrainingFlops);
        // Each phase by itself: twenty guided steps, then twenty factored ones.
        var guidedStep =
            3m * (cost.ForwardFlopsPerTokenAt(32, FlopConvention.Paper) + cost.Guides[0].ExtraForwardFlopsPerToken) * 8 * 32
            + cost.Guides[0].ProjectionFlopsPerStep;
        Assert.Equal(20, result.GuidedSteps);
        Assert.Equal(20 * guidedStep, result.GuidedFlops);
        Assert.Equal(20 * 3m * cost.ForwardFlopsPerTokenAt(32, FlopConvention.Paper) * 8 * 32, result.TrainingFlops - result.GuidedFlops);
        Assert.Equal([(20, cost.GuideParameters)], observer.Released);
        Assert.Equal(cost.ParametersAtStart, result.ParametersAtStart);
        Assert.Equal(cost.Parameters, result.Parameters);
        Assert.Equal(observer.Final.Single().Loss, result.ValidationLoss);
    }

    [Fact]
    public void A_curve_ends_on_the_windows_it_began_on_and_the_final_loss_is_a_figure_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingText.Options(folder.Path, steps: 6) with { EvaluateEvery = 2 };
        var observer = new RecordingObserver();
        var result = new Trainer(TrainingText.Small, Variant.Guided, text.Data, options, observer).Run(default);

        Assert.Equal([0, 2, 4, 6], result.Validation.Select(point => point.Step));
        Assert.Equal(LossOver(options.EvaluationSequences).Loss, result.Validation[^1].Loss);
        var (final, tokens) = LossOver(options.FinalEvaluationSequences);
        Assert.Equal((final, tokens), (result.ValidationLoss, result.ValidationTokens));
        // The bytes are those of the tokens that were predicted.
        var windows = new ValidationWindows(text.Data.Validation, options.Context, options.FinalEvaluationSequences);
        using var rows = windows.Read(0, windows.Count, endOfText: null);
        var bytes = text.Data.Tokenizer.Decode(rows.Targets.Select(id => (int)id)).Length;
        Assert.Equal((double)bytes / tokens, observer.Final.Single().BytesPerToken!.Value, 12);
        Assert.Equal(final / Math.Log(2) / observer.Final.Single().BytesPerToken!.Value, result.ValidationBitsPerByte!.Value, 1e-9);
        Assert.Equal(new FinalMetrics(6, final, tokens) { BytesPerToken = observer.Final.Single().BytesPerToken }, observer.Final.Single());
        Assert.NotEqual(result.Validation[^1].Loss, result.ValidationLoss);

        (double Loss, long Tokens) LossOver(int sequences)
        {
            using var model = Checkpoint.Open(folder.Path).LoadModel("cpu", "fp32");
            return Evaluator.Evaluate(model, text.Data.Validation, options.Context, sequences);
        }
    }

    [Fact]
    public void A_stopped_run_has_a_curve_and_no_final_loss()
    {
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver
        {
            OnStep = metrics =>
            {
                if (metrics.Step == 3)
                    stop.Cancel();
            },
        };
        var result = new Trainer(
            TrainingText.Small,
            Variant.Guided,
            text.Data,
            TrainingText.Options(steps: 6) with
            {
                EvaluateEvery = 2,
            },
            observer
        ).Run(stop.Token);
        Assert.Equal([0, 2], result.Validation.Select(point => point.Step));
        Assert.True(double.IsNaN(result.ValidationLoss));
        Assert.Null(result.ValidationTokens);
        Assert.Empty(observer.Final);
    }

    [Fact]
    public void A_checkpoint_of_before_whose_curve_ends_in_the_final_loss_is_read_and_measured_again()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingText.Options(folder.Path, steps: 4) with { EvaluateEvery = 2 };
        var result = new Trainer(TrainingText.Small, Variant.Guided, text.Data, options, new RecordingObserver()).Run(default);
        var (saved, info) = (Checkpoint.Open(folder.Path).Folder, Checkpoint.Open(folder.Path).Info);
        using var older = new TemporaryFolder();
        new CheckpointFolder(older.Path).Write(
            info.Step,
            temporary =>
            {
                foreach (var file in info.Files)
                    File.Copy(Path.Combine(saved, file.Name), Path.Combine(temporary, file.Name));
                ValidationMetrics[] curve =
                [
                    .. info.Totals.Validation.SkipLast(1),
                    info.Totals.Validation[^1] with
                    {
                        Loss = result.ValidationLoss,
                    },
                ];
                return info with { Totals = info.Totals with { Validation = curve, Final = null }, Files = [] };
            }
        );

        var again = new Trainer(
            TrainingText.Small,
            Variant.Guided,
            text.Data,
            options with
            {
                Output = older.Path,
                Resume = true,
            },
            new RecordingObserver()
        ).Run(default);
        Assert.Equal(result.ValidationLoss, again.ValidationLoss);
        Assert.Equal(result.Validation, again.Validation);
    }

    [Fact]
    public void Without_the_guide_the_run_costs_the_factored_phase_alone()
    {
        var result = new Trainer(TrainingText.Small, Variant.LowRank, text.Data, TrainingText.Options(), new RecordingObserver()).Run(
            default
        );
        Assert.Equal(SmallTransformer.Cost.Summary.TrainingFlops(12, 8, 32, guided: false), result.TrainingFlops);
        Assert.Equal(0, result.GuidedSteps);
        Assert.Equal(SmallTransformer.Cost.Summary.Parameters, result.ParametersAtStart);
    }

    [Fact]
    public void Accumulated_micro_batches_train_like_one_batch()
    {
        var once = Losses(TrainingText.Options() with { SequencesPerMicroBatch = 8 });
        var accumulated = Losses(TrainingText.Options() with { SequencesPerMicroBatch = 2 });
        for (var step = 0; step < once.Count; step++)
            Assert.Equal(once[step], accumulated[step], 1e-3);
    }

    [Theory]
    [InlineData("fp32")]
    [InlineData("bf16")]
    public void Two_runs_of_one_seed_are_bit_equal(string precision)
    {
        var options = TrainingText.Options() with { Precision = precision };
        Assert.Equal(Losses(options), Losses(options));
    }

    [Fact]
    public void Mixed_precision_learns_like_single_precision()
    {
        var single = Losses(TrainingText.Options(steps: 30));
        var mixed = Losses(TrainingText.Options(steps: 30) with { Precision = "bf16" });
        Assert.NotEqual(single, mixed);
        for (var step = 0; step < single.Count; step++)
            Assert.Equal(single[step], mixed[step], 0.1);
    }

    // Stopped before, at and after the phase-out at step 6.
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void A_resumed_run_repeats_the_uninterrupted_one_bit_for_bit(int stopAfter)
    {
        var expected = new RecordingObserver();
        var whole = new Trainer(TrainingText.Small, Variant.Guided, text.Data, TrainingText.Options(), expected).Run(default);

        using var folder = new TemporaryFolder();
        var options = TrainingText.Options(folder.Path);
        using var stop = new CancellationTokenSource();
        var first = new RecordingObserver
        {
            OnStep = metrics =>
            {
                if (metrics.Step == stopAfter)
                    stop.Cancel();
            },
        };
        var interrupted = new Trainer(TrainingText.Small, Variant.Guided, text.Data, options, first).Run(stop.Token);
        Assert.True(interrupted.Stopped);
        Assert.Equal(stopAfter, interrupted.Steps);

        var second = new RecordingObserver();
        var resumed = new Trainer(TrainingText.Small, Variant.Guided, text.Data, options with { Resume = true }, second).Run(default);
        Assert.Equal(expected.Steps.Select(step => step.Loss), first.Steps.Concat(second.Steps).Select(step => step.Loss));
        Assert.Equal(expected.Steps.Select(step => step.GradientNorm), first.Steps.Concat(second.Steps).Select(step => step.GradientNorm));
        Assert.Equal(whole.ValidationLoss, resumed.ValidationLoss);
        Assert.Equal(whole.TrainingFlops, resumed.TrainingFlops);
        Assert.Equal(
            whole.Validation.Select(point => (point.Step, point.Loss)),
            resumed.Validation.Select(point => (point.Step, point.Loss))
        );
        Assert.Equal(whole.ParametersAtStart, resumed.ParametersAtStart);
    }

    [Fact]
    public void A_run_is_resumed_only_as_what_it_was()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingText.Options(folder.Path, steps: 2);
        new Trainer(TrainingText.Small, Variant.Guided, text.Data, options, new RecordingObserver()).Run(default);

        var other = Assert.Throws<InputException>(() =>
            new Trainer(
                TrainingText.Small,
                Variant.LowRank,
                text.Data,
                options with
                {
                    Resume = true,
                    Seed = 6,
                },
                new RecordingObserver()
            ).Run(default)
        );
        Assert.Contains("the variant was guided and is now lowrank", other.Message, StringComparison.Ordinal);
        Assert.Contains("Seed was 5 and is now 6", other.Message, StringComparison.Ordinal);
        var occupied = Assert.Throws<InputException>(() =>
            new Trainer(TrainingText.Small, Variant.Guided, text.Data, options, new RecordingObserver()).Run(default)
        );
        Assert.Contains("has finished its 2 steps; choose another Output", occupied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_run_that_is_resumed_reports_what_it_was()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingText.Options(folder.Path, steps: 3);
        var result = new Trainer(TrainingText.Small, Variant.Guided, text.Data, options, new RecordingObserver()).Run(default);
        var again = new Trainer(TrainingText.Small, Variant.Guided, text.Data, options with { Resume = true }, new RecordingObserver()).Run(
            default
        );
        Assert.Equal(result.ValidationLoss, again.ValidationLoss);
        Assert.Equal(result.WallSeconds, again.WallSeconds);
        Assert.False(again.Stopped);
    }

    [Fact]
    public void Options_that_cannot_work_are_refused_in_one_sentence()
    {
        AssertRefused(
            "SequencesPerMicroBatch 3 does not divide SequencesPerStep 8",
            options => options with { SequencesPerMicroBatch = 3 }
        );
        AssertRefused("Context 65 is longer than the 64 tokens", options => options with { Context = 65 });
        AssertRefused("Steps must be at least 1, not 0", options => options with { Steps = 0 });
        AssertRefused("LearningRate must be above 0, not NaN", options => options with { LearningRate = double.NaN });
        AssertRefused("There is no precision 'fp8'", options => options with { Precision = "fp8" });
        AssertRefused("Resume needs Output", options => options with { Resume = true });
    }

    [Fact]
    public void After_the_phase_out_checkpoint_and_buffers_are_smaller_by_what_the_guides_held()
    {
        using var folder = new TemporaryFolder();
        var sizes = new List<(int Tensors, long Bytes)>();
        var observer = new RecordingObserver
        {
            OnStep = _ =>
            {
                if (new CheckpointFolder(folder.Path).Newest() is [var newest, ..])
                    sizes.Add(Size(newest));
            },
        };
        var options = TrainingText.Options(folder.Path) with { CheckpointEvery = 1 };
        new Trainer(TrainingText.Small, Variant.Guided, text.Data, options, observer).Run(default);
        sizes.Add(Size(new CheckpointFolder(folder.Path).Newest()[0]));

        // Six guides of 64 × 256: the weight and two moments each, in single precision.
        var guideBytes = 6L * 64 * 256 * 3 * sizeof(float);
        Assert.Equal(SmallTransformer.Cost.Summary.GuideParameters * 12, guideBytes);
        Assert.Equal(sizes[0].Tensors - 18, sizes[^1].Tensors);
        Assert.Equal(sizes[0].Bytes - guideBytes, sizes[^1].Bytes);
    }

    private static (int Tensors, long Bytes) Size(string checkpoint)
    {
        var entries = SafeTensorsFile
            .ReadHeader(Path.Combine(checkpoint, Checkpoint.ModelFile))
            .Values.Concat(SafeTensorsFile.ReadHeader(Path.Combine(checkpoint, Checkpoint.OptimizerFile)).Values)
            .ToList();
        return (entries.Count, entries.Sum(entry => entry.Bytes));
    }

    private List<double> Losses(TrainingOptions options)
    {
        var observer = new RecordingObserver();
        new Trainer(TrainingText.Small, Variant.Guided, text.Data, options, observer).Run(default);
        return [.. observer.Steps.Select(step => step.Loss)];
    }

    private void AssertRefused(string sentence, Func<TrainingOptions, TrainingOptions> change)
    {
        var exception = Assert.Throws<InputException>(() =>
            new Trainer(TrainingText.Small, Variant.Guided, text.Data, change(TrainingText.Options()), new RecordingObserver())
        );
        Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
    }
}
