using System.Text.Json;
using LowRank.Training.CommandLine;
using LowRank.Training.Data.Shards;
using LowRank.Training.Tests.Tokenization;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>Tokens and mixtures on the command line.</summary>
public sealed class TokenFolderCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_folder_of_shards_is_trained_on_resumed_and_evaluated_as_any_text()
    {
        var tokens = WriteTokens("tokens");
        var (code, _, error) = await App.Run(Train("--text", tokens));
        Assert.True(code == 0, error);
        Assert.Contains("Text: documents of the test.", error, StringComparison.Ordinal);

        (code, _, error) = await App.Run([.. Train("--text", tokens), "--resume"]);
        Assert.True(code == 0, error);

        (code, var output, error) = await App.Run(["evaluate", folder.Under("run"), "--text", tokens, "--sequences", "4"]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("not the text and the split of the training", error, StringComparison.Ordinal);
        Assert.Contains("over 64 tokens", output, StringComparison.Ordinal);

        File.Delete(Path.Combine(tokens, "tokenizer.json"));
        // A run in the way is said first.
        Directory.Delete(folder.Under("run"), recursive: true);
        (code, _, error) = await App.Run(Train("--text", tokens));
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("put its tokenizer.json beside them, or name it with --tokenizer.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mixture_says_its_shares_and_epochs_and_the_loss_of_each_source()
    {
        var tokens = WriteTokens("tokens");
        var text = folder.Write(
            "text.jsonl",
            string.Concat(Samples.Documents(40, seed: 8).Select(document => JsonSerializer.Serialize(new { text = document }) + "\n"))
        );
        string[] mixture = ["--text", tokens, text, "--text-weight", "0.75", "0.25", "--cache", folder.Under("cache")];

        var (code, _, error) = await App.Run(Train(mixture));
        Assert.True(code == 0, error);
        Assert.Contains("The run reads 96 tokens of a mixture:", error, StringComparison.Ordinal);
        Assert.Contains($"  75 % of '{tokens}', 0.", error, StringComparison.Ordinal);
        Assert.Contains($"  25 % of '{text}', 0.", error, StringComparison.Ordinal);

        (code, var output, error) = await App.Run([
            "evaluate",
            folder.Under("run"),
            .. mixture,
            "--validation-fraction",
            "0.2",
            "--sequences",
            "8",
            "--json",
        ]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("not the text and the split of the training", error, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(output);
        var sources = document.RootElement.GetProperty("sources").EnumerateArray().ToArray();
        Assert.Equal([tokens, text], sources.Select(source => source.GetProperty("source").GetString()));
        Assert.Equal([6 * 16, 2 * 16], sources.Select(source => source.GetProperty("tokens").GetInt32()));
        Assert.Equal(
            document.RootElement.GetProperty("loss").GetDouble(),
            sources.Select((source, i) => (i == 0 ? 0.75 : 0.25) * source.GetProperty("loss").GetDouble()).Sum(),
            1e-12
        );
    }

    [Theory]
    [InlineData("--text-weight needs a number for each path of --text: of those there are 2, of numbers 1.", "1")]
    [InlineData("--text-weight takes numbers above 0, not '-1'.", "-1", "2")]
    [InlineData("The weight 1E-06 of ", "1", "0.000001")]
    public async Task Weights_that_mean_nothing_are_refused(string expected, params string[] weights)
    {
        var text = folder.Write("text.txt", "text");
        var others = Directory.CreateDirectory(folder.Under("others")).FullName;
        File.Copy(text, Path.Combine(others, "text.txt"));
        var (code, _, error) = await App.Run(Train(["--text", text, others, "--text-weight", .. weights]));
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private string[] Train(params string[] text) =>
        [
            "train",
            "SmallTransformer",
            .. text,
            "--output",
            folder.Under("run"),
            "--steps",
            "3",
            "--batch",
            "2",
            "--micro-batch",
            "2",
            "--context",
            "16",
            "--validation-fraction",
            "0.2",
        ];

    private string WriteTokens(string name)
    {
        var tokenizer = Samples.Train(Samples.Documents(100, seed: 4), 500);
        var unit = UnitTokensWriter.Write(folder.Under("unit"), Samples.Documents(60, seed: 5), tokenizer, validationFraction: 0.2);
        var plan = ShardPlan.Make(
            [unit],
            new ShardOptions
            {
                Folder = folder.Under(name),
                Tokenizer = tokenizer,
                Description = "documents of the test",
                ShardTokens = 1000,
            }
        );
        for (var shard = 0; shard < plan.Shards.Count; shard++)
            plan.Write(shard);
        plan.Finish();
        return folder.Under(name);
    }
}
