using System.Text.Json;

namespace LowRank.EndToEnd.Tests.Processes;

public sealed class CommandTests
{
    [Fact]
    public void Describe_prints_the_published_numbers_of_the_papers_largest_model_and_nothing_else()
    {
        var (exitCode, output, error) = ExampleProcess.Run(Path.GetTempPath(), "describe", "PaperXl", "--json");
        Assert.True(exitCode == 0, error);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Equal("PaperXl", root.GetProperty("model").GetString());
        Assert.Equal(984_731_648, root.GetProperty("parameters").GetInt64());
        Assert.Equal(984_731_648 + 771_751_936, root.GetProperty("parametersAtStart").GetInt64());
        Assert.Equal(2_169_503_744, root.GetProperty("forwardFlopsPerToken").GetInt64());
        Assert.Equal(1_274_138_624, root.GetProperty("dense").GetProperty("parameters").GetInt64());
        Assert.Equal(2_748_317_696, root.GetProperty("dense").GetProperty("forwardFlopsPerToken").GetInt64());
        var paper = root.GetProperty("trainingFlops").GetProperty("paper");
        Assert.Equal(210_244_617_288_315_568_128m, paper.GetProperty("dense").GetDecimal());
        Assert.Equal(165_965_705_139_078_561_792m, paper.GetProperty("lowRank").GetDecimal());
        Assert.StartsWith("18822", paper.GetProperty("guided").GetRawText(), StringComparison.Ordinal);
        Assert.True(root.GetProperty("trainingFlops").TryGetProperty("causal", out _));
        Assert.True(root.GetProperty("sublayers").GetArrayLength() >= 4);
    }

    [Fact]
    public void Wrong_input_gets_exit_code_2_and_a_sentence()
    {
        var (exitCode, output, error) = ExampleProcess.Run(Path.GetTempPath(), "describe", "PaperXxl");
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains("PaperXl", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trained_model_is_evaluated_and_writes_text()
    {
        using var folder = new WorkFolder();
        var run = folder.Under("run");
        var trained = ExampleProcess.Run(
            folder.Path,
            "train",
            "PaperXs",
            "--text",
            folder.Text,
            "--output",
            run,
            "--steps",
            "20",
            "--batch",
            "4",
            "--micro-batch",
            "4",
            "--context",
            "64"
        );
        Assert.True(trained.ExitCode == 0, trained.Error);

        var evaluated = ExampleProcess.Run(folder.Path, "evaluate", run, "--text", folder.Text, "--json");
        Assert.True(evaluated.ExitCode == 0, evaluated.Error);
        using var document = JsonDocument.Parse(evaluated.Output);
        Assert.InRange(document.RootElement.GetProperty("loss").GetDouble(), 1, 7.5);

        var generated = ExampleProcess.Run(folder.Path, "generate", run, "--prompt", "The layer", "--tokens", "12", "--seed", "1");
        Assert.True(generated.ExitCode == 0, generated.Error);
        Assert.StartsWith("The layer", generated.Output, StringComparison.Ordinal);
        var again = ExampleProcess.Run(folder.Path, "generate", run, "--prompt", "The layer", "--tokens", "12", "--seed", "1");
        Assert.Equal(generated.Output, again.Output);
    }
}
