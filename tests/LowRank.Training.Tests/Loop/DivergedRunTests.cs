using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Training.Checkpoints;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.SafeTensors;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Loop;

public sealed class DivergedRunTests(TrainingText text)
{
    [Fact]
    public void A_large_finite_loss_is_no_divergence_and_its_checkpoint_is_written()
    {
        using var folder = new TemporaryFolder();
        // The logits become so large that e to the loss has no double.
        var entry = Patched(model => Multiply(model, "final_norm", 1e6));
        var options = TrainingText.Options(folder.Path, steps: 2) with { CheckpointEvery = 1, EvaluateEvery = 1 };
        var result = new Trainer(entry, Variant.LowRank, text.Data, options, new RecordingObserver()).Run(default);
        Assert.InRange(result.ValidationLoss, 710, double.MaxValue);
        Assert.Equal(double.PositiveInfinity, result.ValidationPerplexity);

        var saved = Checkpoint.Open(folder.Path).Info.Totals.Validation;
        Assert.Equal(result.Validation.Select(point => (point.Step, point.Loss)), saved.Select(point => (point.Step, point.Loss)));
        var again = new Trainer(entry, Variant.LowRank, text.Data, options with { Resume = true }, new RecordingObserver()).Run(default);
        Assert.Equal(result.ValidationLoss, again.ValidationLoss);
    }

    [Fact]
    public void A_run_without_clipping_is_saved_and_resumed()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingText.Options(folder.Path, steps: 2) with { ClipNorm = double.PositiveInfinity };
        Run(TrainingText.Small, options);
        Assert.Equal(double.PositiveInfinity, Checkpoint.Open(folder.Path).Info.Options.ClipNorm);
        Run(TrainingText.Small, options with { Resume = true });
    }

    [Fact]
    public void The_last_evaluation_notices_what_no_further_step_does_and_nothing_is_saved()
    {
        using var folder = new TemporaryFolder();
        SmallTransformer? live = null;
        var observer = new RecordingObserver
        {
            OnStep = metrics =>
            {
                if (metrics.Step == 2)
                    Spoil(live!);
            },
        };
        var options = TrainingText.Options(folder.Path, steps: 2) with { EvaluateEvery = 0 };
        var diverged = Assert.Throws<TrainingDivergedException>(() =>
            new Trainer(Patched(model => live = model), Variant.LowRank, text.Data, options, observer).Run(default)
        );
        Assert.Contains("The evaluation after step 2 diverged: loss ", diverged.Message, StringComparison.Ordinal);
        Assert.Contains("Lower the learning rate (0.003); no earlier checkpoint is good.", diverged.Message, StringComparison.Ordinal);
        Assert.Null(diverged.Checkpoint);
        Assert.Empty(new CheckpointFolder(folder.Path).Newest());
    }

    // Step 3 spoils the weights; steps 1 to 3 had finite losses.
    [Theory]
    [InlineData(1, 100, 1, "Step 4 diverged: loss ", 4)] // Seen by the next step.
    [InlineData(1, 3, 1, "The evaluation after step 3 diverged: loss ", 3)]
    [InlineData(1, 100, 100, "Step 4 diverged: loss ", 4)] // Read late, as on a device.
    public void A_divergence_names_the_last_checkpoint_whose_weights_had_a_finite_loss(
        int checkpointEvery,
        int evaluateEvery,
        int logEvery,
        string said,
        long step
    )
    {
        using var folder = new TemporaryFolder();
        SmallTransformer? live = null;
        var observer = new RecordingObserver
        {
            OnStep = metrics =>
            {
                if (metrics.Step == 3)
                    Spoil(live!);
            },
        };
        var options = TrainingText.Options(folder.Path) with
        {
            CheckpointEvery = checkpointEvery,
            EvaluateEvery = evaluateEvery,
            LogEvery = logEvery,
        };
        var diverged = Assert.Throws<TrainingDivergedException>(() =>
            new Trainer(Patched(model => live = model), Variant.LowRank, text.Data, options, observer).Run(default)
        );
        Assert.Contains(said, diverged.Message, StringComparison.Ordinal);
        Assert.Equal(step, diverged.Step);
        var good = Path.Combine(folder.Path, "checkpoints", "step-000000002");
        Assert.Equal(good, diverged.Checkpoint);
        Assert.Contains($"the last good checkpoint is {good} (step 2)", diverged.Message, StringComparison.Ordinal);
        Assert.Contains("That of step 3 holds weights that had diverged.", diverged.Message, StringComparison.Ordinal);
        Assert.Equal(2, Checkpoint.Open(good).Info.Step);
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_never_saved_however_finite_the_loss()
    {
        using var folder = new TemporaryFolder();
        SmallTransformer? live = null;
        var observer = new RecordingObserver
        {
            OnStep = metrics =>
            {
                if (metrics.Step == 4)
                    Multiply(live!, "blocks.2.feed_forward.up", double.NaN);
            },
        };
        var options = TrainingText.Options(folder.Path) with { CheckpointEvery = 2, EvaluateEvery = 100 };
        var diverged = Assert.Throws<TrainingDivergedException>(() =>
            new Trainer(Patched(model => live = model), Variant.LowRank, text.Data, options, observer).Run(default)
        );
        Assert.Contains("Step 4 diverged: 'blocks.2.feed_forward.up.", diverged.Message, StringComparison.Ordinal);
        Assert.Equal(["step-000000002"], new CheckpointFolder(folder.Path).Newest().Select(Path.GetFileName));
    }

    [Fact]
    public void A_run_is_not_begun_or_continued_with_weights_that_are_no_numbers()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingText.Options(folder.Path, steps: 2);
        Run(TrainingText.Small, options);
        var checkpoint = Checkpoint.Open(folder.Path);
        using (var model = new SmallTransformer())
        {
            Multiply(model, "head", double.NaN);
            SafeTensorsFile.Write(
                Path.Combine(checkpoint.Folder, Checkpoint.ModelFile),
                [
                    .. model
                        .named_parameters()
                        .Where(named => !named.name.EndsWith("guide", StringComparison.Ordinal))
                        .Select(named => (named.name, (Tensor)named.parameter)),
                ]
            );
        }

        // Whatever wrote it: whole by its hashes, and useless.
        var info = checkpoint.Info with
        {
            Files = [.. checkpoint.Info.Files.Select(file => CheckpointFile.Of(Path.Combine(checkpoint.Folder, file.Name)))],
        };
        CheckpointInfoFile.Write(Path.Combine(checkpoint.Folder, CheckpointFolder.InfoFile), info);
        using var other = new TemporaryFolder();
        foreach (var again in new[] { options with { Resume = true }, TrainingText.Options(other.Path) with { From = folder.Path } })
            Assert.Matches(
                "'head.weight' .*values that are infinite or no number",
                Assert.Throws<InputException>(() => Run(TrainingText.Small, again)).Message
            );
    }

    private void Run(ModelEntry entry, TrainingOptions options) =>
        new Trainer(entry, Variant.LowRank, text.Data, options, new RecordingObserver()).Run(default);

    private static ModelEntry Patched(Action<SmallTransformer> patch) =>
        new(
            "SmallTransformer",
            "HandWritten.SmallTransformer",
            "",
            SmallTransformer.Cost.Summary,
            options =>
            {
                var model = new SmallTransformer(options);
                patch(model);
                return model;
            }
        );

    // Each weight is finite; their product isn't.
    private static void Spoil(SmallTransformer model)
    {
        Multiply(model, "final_norm", 1e30);
        Multiply(model, "head", 1e30);
    }

    private static void Multiply(SmallTransformer model, string prefix, double factor)
    {
        using var noGradient = no_grad();
        var found = model.named_parameters().Where(named => named.name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.NotEmpty(found);
        using var scalar = factor.ToScalar();
        foreach (var (_, parameter) in found)
            parameter.mul_(scalar);
    }
}
