using System.Text.Json;
using LowRank.Training.CommandLine;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>What the text is called in files of records.</summary>
public sealed class TextColumnTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_run_reads_the_column_that_is_named_and_says_what_was_broken()
    {
        var lines = Enumerable
            .Range(0, 400)
            .Select(index => JsonSerializer.Serialize(new { id = index, content = $"Number {index} of many." }));
        var path = folder.Write("web/a.json", string.Join('\n', lines) + "\n{}\n");
        string[] arguments =
        [
            "train",
            "SmallTransformer",
            "--text",
            folder.Under("web"),
            "--cache",
            folder.Under("cache"),
            "--output",
            folder.Under("run"),
            "--steps",
            "2",
            "--batch",
            "2",
            "--context",
            "16",
            "--validation-fraction",
            "0.2",
        ];
        var (code, _, error) = await App.Run([.. arguments, "--text-column", "content"]);
        Assert.True(code == 0, error);
        Assert.Contains(
            $"Passed over broken records: 1, of which the first: Line 401 of '{path}' has no string named \"content\"; there is nothing.",
            error,
            StringComparison.Ordinal
        );

        (code, _, error) = await App.Run(["train", "SmallTransformer", "--text", path, "--cache", folder.Under("cache")]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("has no string named \"text\"; there is \"id\", \"content\".", error, StringComparison.Ordinal);
        Assert.Contains("give it with --text-column.", error, StringComparison.Ordinal);
    }
}
