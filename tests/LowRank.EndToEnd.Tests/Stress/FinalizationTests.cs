using LowRank.EndToEnd.Tests.FineTuning;
using LowRank.EndToEnd.Tests.Pretrained;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training.Data;
using LowRank.Training.Evaluation;
using LowRank.Training.FineTuning;
using LowRank.Training.Generation;
using LowRank.Training.Loop;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Stress;

/// <summary>
/// A tensor that is finalized while native code works on it ends the process, or changes the numbers. It runs alone: collecting stops every
/// other test.
/// </summary>
[CollectionDefinition(nameof(FinalizationTests), DisableParallelization = true)]
[Collection(nameof(FinalizationTests))]
public sealed class FinalizationTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Exports_and_imports_give_the_same_weights_each_time()
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        var entry = ModelCatalog.Find(checkpoint.Model).Single();
        var path = checkpoint.Save(folder.Under("hf"));
        byte[]? first = null;
        Repetition.Run(index =>
        {
            var exported = folder.Under("exported");
            using (var loaded = PretrainedModel.Load(entry, Variant.Dense, path))
                ExportedModel.Write(loaded.Model, exported, new ExportOptions());
            var bytes = File.ReadAllBytes(Directory.EnumerateFiles(exported, "*.safetensors").Single());
            first ??= bytes;
            Assert.True(first.AsSpan().SequenceEqual(bytes), $"time {index}");
            Directory.Delete(exported, recursive: true);
        });
    }

    [Fact]
    public void Evaluations_give_the_same_loss_each_time()
    {
        using var model = new Plain(new ModelOptions { Seed = 2 });
        using var shard = Shard();
        double? first = null;
        Repetition.Run(index =>
        {
            var (loss, _) = Evaluator.Evaluate(model, shard, 16, 4);
            first ??= loss;
            Assert.True(first == loss, $"time {index}");
        });
    }

    [Fact]
    public void Generations_give_the_same_tokens_each_time()
    {
        using var model = new Plain(new ModelOptions { Seed = 2 });
        var generator = new TextGenerator(model, SmallTokenizer());
        int[]? first = null;
        Repetition.Run(index =>
        {
            int[] tokens = [.. generator.Continue([1, 2, 3], 4, new SamplingOptions { Seed = 1 })];
            first ??= tokens;
            Assert.True(first.AsSpan().SequenceEqual(tokens), $"time {index}");
        });
    }

    [Fact]
    public void Adapters_give_the_same_logits_each_time_they_are_loaded()
    {
        var lora = new FineTuningOptions
        {
            Method = FineTuningMethod.Lora,
            Rank = 4,
            Projections = Projections.Query | Projections.Down,
        };
        using (var tuned = new Plain(new ModelOptions { Seed = 2 }))
        {
            FineTuner.Plan(tuned, lora).ApplyTo(tuned, lora);
            using (no_grad())
            {
                foreach (var adapter in tuned.LoraAdapters)
                {
                    adapter.A.normal_(0, 0.3);
                    adapter.B.normal_(0, 0.3);
                }
            }

            AdapterFolder.Write(folder.Under("adapter"), tuned);
        }

        using var tokens = tensor(new long[] { 1, 2, 3, 4 }, [1, 4]);
        using var noGradient = no_grad();
        Tensor? first = null;
        Repetition.Run(index =>
        {
            using var model = new Plain(new ModelOptions { Seed = 2 });
            AdapterFolder.Load(folder.Under("adapter"), model);
            using var logits = model.forward(tokens);
            first ??= logits.clone();
            Assert.True(allclose(first, logits, 0, 0), $"time {index}");
        });
        first!.Dispose();
    }

    [Fact]
    public void Rotations_are_the_same_each_time_their_tables_are_made()
    {
        // Little work beside many numbers on their way into libtorch: of all loops the one that sees most often what is let go too early.
        using var heads = ones(1, 16, 1, 8);
        Tensor? first = null;
        Repetition.Run(index =>
        {
            using var rotation = new RotaryEmbedding(16, 8, 10_000, new ModelOptions());
            using var rotated = rotation.Rotate(heads, 0);
            first ??= rotated.clone();
            Assert.True(allclose(first, rotated, 0, 0), $"time {index}");
        });
        first!.Dispose();
    }

    [Fact]
    public void Steps_that_wait_on_the_device_are_read_as_they_were_taken()
    {
        using var pending = new PendingSteps();
        Repetition.Run(index =>
        {
            for (var step = 0; step < 8; step++)
                pending.Add(new PendingStep(step, 0.1, 1, Guided: false, 0, 1, tensor([index + step, 0.0]), tensor((double)step)));
            var read = pending.Read();
            Assert.Equal(
                Enumerable.Range(0, 8).Select(step => ((double)(index + step), (double)step)),
                read.Select(entry => (entry.Loss, entry.Norm))
            );
        });
    }

    private static Tokenizer SmallTokenizer()
    {
        var trainer = new BytePairTrainer();
        trainer.Add("Over and over again, while garbage is collected."u8);
        return trainer.Train(260);
    }

    private TokenShard Shard()
    {
        var random = new Random(1);
        using (var writer = new TokenShardWriter(folder.Under("shard"), 320))
        {
            writer.Write([.. Enumerable.Range(0, 200).Select(_ => random.Next(320))]);
            writer.Complete();
        }

        return TokenShard.Open(folder.Under("shard"));
    }
}
