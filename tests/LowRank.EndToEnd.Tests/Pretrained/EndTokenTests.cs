using System.Globalization;
using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine;
using LowRank.Training.Generation;
using LowRank.Training.Tokenization;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>The tokens with which a model's texts begin and end come in with it, steer generation and go out again.</summary>
public sealed class EndTokenTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("7", "7")]
    [InlineData("[7]", "[7]")]
    [InlineData("null", "null")]
    [InlineData(null, "[5,7]")]
    public async Task They_follow_an_import_into_training_generation_and_the_export(string? own, string exportedOwn)
    {
        var source = Source();
        File.WriteAllText(Path.Combine(source, "generation_config.json"), """{"eos_token_id": [5, 7], "bos_token_id": 9}""");
        var given = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!.AsObject();
        (given["eos_token_id"], given["bos_token_id"]) = (own is null ? null : JsonNode.Parse(own), null);
        if (own is null)
            given.Remove("eos_token_id");
        File.WriteAllText(Path.Combine(source, "config.json"), given.ToJsonString());
        var (imported, run, exported) = (folder.Under("imported"), folder.Under("run"), folder.Under("exported"));
        await Done("import", source, "--model", "TinyLlama", "--variant", "dense", "--to", imported);
        string[] text = ["--text", folder.Text, "--cache", folder.Under("cache")];
        string[] few =
        [
            "--steps",
            "1",
            "--batch",
            "2",
            "--micro-batch",
            "2",
            "--evaluation-sequences",
            "2",
            "--final-evaluation-sequences",
            "2",
        ];
        await Done(["train", "TinyLlama", "--variant", "dense", "--from", imported, "--output", run, .. few, .. text]);
        using (var trained = ModelCheckpoint.Load(run))
        {
            Assert.Equal([5, 7, 299], trained.Tokenizer!.EndTokens);
            AssertStopsAt(trained, 5, 7, 299);
        }

        await Done("export", run, "--to", exported);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(exported, "config.json")))!;
        // What config.json alone said it says again; the others' ids are in their files.
        Assert.Equal(exportedOwn, config["eos_token_id"]?.ToJsonString() ?? "null");
        Assert.Null(config["bos_token_id"]);
        Assert.Equal(
            File.ReadAllText(Path.Combine(source, "generation_config.json")),
            File.ReadAllText(Path.Combine(exported, "generation_config.json"))
        );
        Assert.Equal(
            [5, 7, 299],
            Tokenizer.Load(Path.Combine(exported, "tokenizer.json"), Training.Pretrained.PretrainedTokenIds.Read(exported)).EndTokens
        );
    }

    [Fact]
    public async Task One_that_the_tokenizer_lacks_is_refused()
    {
        var source = Source();
        File.WriteAllText(Path.Combine(source, "generation_config.json"), """{"eos_token_id": 300}""");
        var (code, error) = await App("import", source, "--model", "TinyLlama", "--variant", "dense", "--to", folder.Under("imported"));

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("the id 300 (bos_token_id, eos_token_id), which no entry has", error, StringComparison.Ordinal);
    }

    // Whatever is drawn, no text goes on behind an end, nor holds one.
    private static void AssertStopsAt(ModelCheckpoint trained, params int[] ends)
    {
        var generator = new TextGenerator(trained.Model, trained.Tokenizer!);
        int[][] texts =
        [
            .. Enumerable
                .Range(0, 12)
                .Select(seed => generator.Continue([1], 60, new SamplingOptions { Temperature = 3, Seed = seed }).ToArray()),
        ];
        Assert.All(texts, text => Assert.Empty(text.Intersect(ends)));
        Assert.Contains(texts, text => text.Length < 60);
    }

    private string Source() => SmallHuggingFaceModel.Write(folder);

    private static async Task Done(params string[] arguments)
    {
        var (code, error) = await App(arguments);
        Assert.True(code == 0, error);
    }

    private static async Task<(int Code, string Error)> App(params string[] arguments)
    {
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        return (await LowRankApp.RunAsync(arguments, null, TextWriter.Null, error), error.ToString());
    }
}
