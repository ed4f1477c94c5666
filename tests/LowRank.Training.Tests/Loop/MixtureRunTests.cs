using LowRank.Training.Checkpoints;
using LowRank.Training.Data;
using LowRank.Training.Evaluation;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.Training.Tests.Loop;

public sealed class MixtureRunTests(TrainingText text)
{
    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public void A_resumed_run_over_a_mixture_repeats_the_uninterrupted_one_bit_for_bit(int stopAfter)
    {
        using var folder = new TemporaryFolder();
        using var data = Mixture(folder, 0.7, 0.3);
        var whole = new RecordingObserver();
        var expected = new Trainer(TrainingText.Small, Variant.LowRank, data, TrainingText.Options(), whole).Run(default);

        using var stop = new CancellationTokenSource();
        var options = TrainingText.Options(folder.Under("run"));
        var first = new RecordingObserver
        {
            OnStep = metrics =>
            {
                if (metrics.Step == stopAfter)
                    stop.Cancel();
            },
        };
        new Trainer(TrainingText.Small, Variant.LowRank, data, options, first).Run(stop.Token);
        using var again = Mixture(folder, 0.7, 0.3);
        var second = new RecordingObserver();
        var resumed = new Trainer(TrainingText.Small, Variant.LowRank, again, options with { Resume = true }, second).Run(default);

        Assert.Equal(whole.Steps.Select(step => step.Loss), first.Steps.Concat(second.Steps).Select(step => step.Loss));
        Assert.Equal(expected.ValidationLoss, resumed.ValidationLoss);
        using var other = Mixture(folder, 0.6, 0.4);
        Assert.Contains(
            "text",
            Assert
                .Throws<InputException>(() =>
                    new Trainer(TrainingText.Small, Variant.LowRank, other, options with { Resume = true }, new RecordingObserver()).Run(
                        default
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_final_loss_is_the_mean_of_the_sources_by_weight()
    {
        using var folder = new TemporaryFolder();
        using var data = Mixture(folder, 0.75, 0.25);
        var options = TrainingText.Options(folder.Under("run"), steps: 4);
        var observer = new RecordingObserver();
        var result = new Trainer(TrainingText.Small, Variant.LowRank, data, options, observer).Run(default);

        var final = observer.Final.Single();
        Assert.Equal(data.Mixture!.Names, final.Sources!.Select(source => source.Source));
        using var model = Checkpoint.Open(folder.Under("run")).LoadModel("cpu", "fp32");
        // Of eight sequences six and two.
        var sources = final.Sources!;
        for (var source = 0; source < 2; source++)
        {
            var (loss, tokens) = Evaluator.Evaluate(model, data.Mixture.Sources[source].Validation, options.Context, source == 0 ? 6 : 2);
            Assert.Equal((loss, tokens), (sources[source].Loss, sources[source].Tokens));
        }

        Assert.Equal((0.75 * sources[0].Loss) + (0.25 * sources[1].Loss), final.Loss);
        Assert.Equal(final.Loss, result.ValidationLoss);
        Assert.Equal(8 * options.Context, final.Tokens);
        // The checkpoint keeps them.
        Assert.Equal(sources, Checkpoint.Open(folder.Under("run")).Info.Totals.Final!.Sources!);
    }

    private TokenDataset Mixture(TemporaryFolder folder, double runtime, double training) =>
        TokenDataset.Prepare(
            new CorpusOptions
            {
                TextPaths =
                [
                    Path.Combine(AppContext.BaseDirectory, "LowRank.Runtime.xml"),
                    Path.Combine(AppContext.BaseDirectory, "LowRank.Training.xml"),
                ],
                TextWeights = [runtime, training],
                Vocabulary = 512,
                ValidationFraction = 0.1,
                TokenizerPath = text.Data.TokenizerPath,
                CacheDirectory = folder.Under("cache"),
            }
        );
}
