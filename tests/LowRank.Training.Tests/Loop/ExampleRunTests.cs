using System.Text.Json;
using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Layers;
using LowRank.Training.Data;
using LowRank.Training.Data.Examples;
using LowRank.Training.Evaluation;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Tests.Data.Examples;
using LowRank.Training.Tests.Tokenization;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Loop;

/// <summary>Runs over examples of which only some tokens count, packed into rows.</summary>
public sealed class ExampleRunTests(TrainingText text) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_step_is_the_mean_over_the_counted_tokens_of_its_examples_run_one_by_one()
    {
        using var data = Prepare(ListedExamples.Draw(60, 512, longest: 24, seed: 1));
        var options = TrainingText.Options(steps: 1) with { SequencesPerStep = 6, SequencesPerMicroBatch = 2, ClipNorm = 1e9 };
        var observer = new RecordingObserver();
        new Trainer(TrainingText.Small, Variant.LowRank, data, options, observer).Run(default);

        using var scope = NewDisposeScope();
        using var model = new SmallTransformer(new ModelOptions { Guided = false, Seed = options.Seed });
        var sampler = new BatchSampler(data, options.Context, 6, options.Seed);
        using var rows = sampler.Read(0, 0, 6, endOfText: null);
        var (total, counted) = (zeros(1, ScalarType.Float64), 0);
        foreach (var span in rows.Documents!.All)
        {
            var range = (span.Row * options.Context + span.Start)..(span.Row * options.Context + span.Start + span.Length);
            var targets = rows.Targets[range];
            counted += targets.Count(target => target != NextTokenLoss.Ignored);
            if (targets.All(target => target == NextTokenLoss.Ignored))
                continue;
            var logits = model.forward(tensor(rows.Inputs[range]).unsqueeze(0)).squeeze(0);
            total += nn.functional.cross_entropy(logits, tensor(targets), ignore_index: NextTokenLoss.Ignored, reduction: nn.Reduction.Sum);
        }

        (total / counted).backward();
        var norm = Math.Sqrt(
            model.parameters().Sum(parameter => parameter.grad?.to(ScalarType.Float64).square().sum().item<double>() ?? 0)
        );
        var step = Assert.Single(observer.Steps);
        Assert.Equal(counted, sampler.CountedOf(0));
        Assert.InRange(counted, 10, 6 * options.Context * 3 / 4);
        Assert.Equal(total.item<double>() / counted, step.Loss, 1e-5);
        Assert.Equal(norm, step.GradientNorm, 1e-4 * norm);
    }

    [Fact]
    public void A_target_that_does_not_count_has_no_influence_and_one_that_counts_has()
    {
        var drawn = ListedExamples.Draw(40, 512, longest: 20, seed: 2);
        Assert.Equal(Losses(isCounted: false, isChanged: false), Losses(isCounted: false, isChanged: true));
        Assert.NotEqual(Losses(isCounted: true, isChanged: false), Losses(isCounted: true, isChanged: true));

        // The last token is nothing but a target; the second counts in any case.
        List<(double, double)> Losses(bool isCounted, bool isChanged)
        {
            TokenizedExample Marked(TokenizedExample example, int id) =>
                new(
                    [.. example.Ids.SkipLast(1), id],
                    [.. example.Counts.Select((_, token) => token == 1 || (isCounted && token == example.Ids.Count - 1))]
                );
            static bool IsHeldOut(TokenizedExample example) =>
                ExampleSpool.HashOf([.. example.Ids], [.. example.Counts]) < ulong.MaxValue / 10;
            // What is held out stays so, though the hash is another.
            var examples = drawn.Select(example =>
            {
                var first = Marked(example, example.Ids[^1]);
                return isChanged
                    ? Enumerable
                        .Range(0, 512)
                        .Select(id => Marked(example, id))
                        .First(other => other.Ids[^1] != example.Ids[^1] && IsHeldOut(other) == IsHeldOut(first))
                    : first;
            });
            using var data = Prepare([.. examples]);
            Assert.InRange(data.ValidationDocuments!.Value, 1, 20);
            var observer = new RecordingObserver();
            new Trainer(TrainingText.Small, Variant.LowRank, data, TrainingText.Options(steps: 4), observer).Run(default);
            return [.. observer.Steps.Select(step => (step.Loss, step.GradientNorm))];
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_step_is_the_same_for_any_micro_batch(int microBatch)
    {
        using var data = Prepare(ListedExamples.Draw(60, 512, longest: 24, seed: 3));
        var (expected, actual) = (new RecordingObserver(), new RecordingObserver());
        var options = TrainingText.Options(steps: 6);
        var whole = new Trainer(TrainingText.Small, Variant.Guided, data, options, expected).Run(default);
        var parts = new Trainer(TrainingText.Small, Variant.Guided, data, options with { SequencesPerMicroBatch = microBatch }, actual).Run(
            default
        );
        foreach (var (one, other) in expected.Steps.Zip(actual.Steps))
            Assert.Equal(one.Loss, other.Loss, 1e-4);
        Assert.Equal(whole.ValidationLoss, parts.ValidationLoss, 1e-4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_resumed_run_repeats_the_uninterrupted_one_bit_for_bit(bool examples)
    {
        using var data = examples ? Prepare(ListedExamples.Draw(60, 512, longest: 24, seed: 4)) : ShortDocuments();
        var options = TrainingText.Options() with { DocumentMasks = !examples };
        var whole = new RecordingObserver();
        var expected = new Trainer(TrainingText.Small, Variant.LowRank, data, options, whole).Run(default);
        using var stop = new CancellationTokenSource();
        var first = new RecordingObserver
        {
            OnStep = metrics =>
            {
                if (metrics.Step == 5)
                    stop.Cancel();
            },
        };
        var saved = options with { Output = folder.Under("run") };
        new Trainer(TrainingText.Small, Variant.LowRank, data, saved, first).Run(stop.Token);
        var second = new RecordingObserver();
        var resumed = new Trainer(TrainingText.Small, Variant.LowRank, data, saved with { Resume = true }, second).Run(default);
        Assert.Equal(whole.Steps.Select(step => step.Loss), first.Steps.Concat(second.Steps).Select(step => step.Loss));
        Assert.Equal(expected.ValidationLoss, resumed.ValidationLoss);
        Assert.Equal(expected.ValidationTokens, resumed.ValidationTokens);
    }

    [Fact]
    public void Validation_counts_the_targets_that_count()
    {
        using var data = Prepare(ListedExamples.Draw(200, 512, longest: 24, seed: 5), fraction: 0.3);
        var result = new Trainer(
            TrainingText.Small,
            Variant.LowRank,
            data,
            TrainingText.Options(steps: 1) with
            {
                FinalEvaluationSequences = 1_000,
            },
            new RecordingObserver()
        ).Run(default);
        Assert.Equal(data.Examples!.Validation.Counted, result.ValidationTokens);
        Assert.InRange(result.ValidationLoss, 4, 8);
    }

    [Fact]
    public void Document_masks_change_what_windows_over_several_documents_cost()
    {
        using var data = ShortDocuments();
        var (with, without) = (new RecordingObserver(), new RecordingObserver());
        var options = TrainingText.Options(steps: 3);
        new Trainer(TrainingText.Small, Variant.LowRank, data, options, without).Run(default);
        new Trainer(TrainingText.Small, Variant.LowRank, data, options with { DocumentMasks = true }, with).Run(default);
        Assert.Contains(with.Steps.Zip(without.Steps), pair => pair.First.Loss != pair.Second.Loss);
        Assert.NotEqual(with.Validation[^1].Loss, without.Validation[^1].Loss);

        using var scope = NewDisposeScope();
        using var model = new SmallTransformer(new ModelOptions { Guided = false, Seed = options.Seed });
        var sampler = new BatchSampler(data, options.Context, options.SequencesPerStep, options.Seed);
        using var rows = sampler.Read(0, 0, options.SequencesPerStep, data.Tokenizer.EndOfText);
        using var noGradient = no_grad();
        var total = 0.0;
        foreach (var span in rows.Documents!.All)
        {
            var range = (span.Row * options.Context + span.Start)..(span.Row * options.Context + span.Start + span.Length);
            var logits = model.forward(tensor(rows.Inputs[range]).unsqueeze(0)).squeeze(0);
            total += nn.functional.cross_entropy(logits, tensor(rows.Targets[range]), reduction: nn.Reduction.Sum).item<float>();
        }

        Assert.Equal(total / (options.SequencesPerStep * options.Context), with.Steps[0].Loss, 1e-5);
        Assert.True(rows.Documents.All.Count() > options.SequencesPerStep);
    }

    // Several of them in a window.
    private TokenDataset ShortDocuments()
    {
        var lines = Samples
            .Documents(300, seed: 6)
            .Select(document => $"{{\"text\":{JsonSerializer.Serialize(document[..Math.Min(40, document.Length)])}}}");
        return TokenDataset.Prepare(
            new CorpusOptions
            {
                TextPaths = [folder.Write("short.jsonl", string.Join('\n', lines))],
                TokenizerPath = text.Data.TokenizerPath,
                Vocabulary = 512,
                ValidationFraction = 0.2,
                CacheDirectory = folder.Under("cache"),
            }
        );
    }

    private TokenDataset Prepare(IReadOnlyList<TokenizedExample> examples, double fraction = 0.1) =>
        TokenDataset.PrepareExamples(
            new ListedExamples(Guid.NewGuid().ToString(), examples),
            text.Data.Tokenizer,
            new ExampleOptions { ValidationFraction = fraction, CacheDirectory = folder.Under("cache") }
        );
}
