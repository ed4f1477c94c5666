using LowRank.EndToEnd.Tests.FineTuning;
using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Pretrained;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Checkpoints;
using LowRank.Training.Files;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Checkpoints;

/// <summary>Of several that save into one new folder one succeeds, and what it saved is whole.</summary>
public sealed class OneWriterTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Of_several_threads_one_saves_and_the_others_are_refused()
    {
        using var model = new SmallDeclared(new ModelOptions { Seed = 3 });
        var refused = 0;
        Parallel.For(
            0,
            8,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            _ =>
            {
                try
                {
                    ModelCheckpoint.Save(model, folder.Under("saved"), tokenizer: null);
                }
                catch (InputException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        );
        Assert.Equal(7, refused);
        using var saved = ModelCheckpoint.Load(folder.Under("saved"));
        using var noGradient = no_grad();
        using var ids = arange(20, ScalarType.Int64);
        using var tokens = ids.view(1, 20);
        using var expected = model.forward(tokens);
        using var logits = saved.Model.forward(tokens);
        Assert.True(allclose(expected, logits, 0, 0));
    }

    [Fact]
    public async Task Of_several_imports_one_succeeds_and_the_others_are_refused()
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        var source = checkpoint.Save(folder.Under("hf"));
        string[] import =
        [
            "import",
            source,
            "--model",
            "TinyLlama",
            "--variant",
            "dense",
            "--to",
            folder.Under("to"),
            "--without-tokenizer",
        ];
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => InProcess.Run(import))));
        Assert.Equal([0, 2, 2, 2], results.Select(result => result.Code).Order());
        Assert.All(
            results.Where(result => result.Code != 0),
            result => Assert.StartsWith($"'{folder.Under("to")}' is ", result.Error, StringComparison.Ordinal)
        );
        using var imported = ModelCheckpoint.Load(folder.Under("to"));
    }

    [Fact]
    public void What_a_killed_writer_left_is_in_nobodys_way_and_what_a_living_one_holds_is_refused()
    {
        using var model = new Plain(new ModelOptions { Seed = 3 });
        var place = folder.Under("saved");
        using (RunLock.Acquire(place))
        {
            var held = Assert.Throws<InputException>(() => ModelCheckpoint.Save(model, place, tokenizer: null));
            Assert.StartsWith($"'{place}' is in use by process {Environment.ProcessId} on ", held.Message, StringComparison.Ordinal);
        }

        var unfinished = Directory.CreateDirectory(Path.Combine(place, "checkpoints", ".unfinished-step-000000000")).FullName;
        File.WriteAllText(Path.Combine(unfinished, Checkpoint.ModelFile), "half");
        ModelCheckpoint.Save(model, place, tokenizer: null);
        Assert.False(Directory.Exists(unfinished));
        using (ModelCheckpoint.Load(place)) { }

        var again = Assert.Throws<InputException>(() => ModelCheckpoint.Save(model, place, tokenizer: null));
        Assert.Equal($"'{place}' is there already and not empty; name a new folder.", again.Message);
        var within = Assert.Throws<InputException>(() =>
            ModelCheckpoint.Save(model, Path.Combine(place, "checkpoints", "mine"), tokenizer: null)
        );
        Assert.Contains("where a run keeps its checkpoints", within.Message, StringComparison.Ordinal);
    }
}
