using System.Text.Json;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Checkpoints;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>What a declaration says about its optimizer, from the command line on.</summary>
public sealed class DeclaredOptimizerTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(OptimizerKind.Muon, 4e-3)]
    [InlineData(OptimizerKind.Muon, 2e-3, "--learning-rate", "2e-3")]
    [InlineData(OptimizerKind.AdamW, 1e-3, "--optimizer", "adamw")]
    public async Task It_trains_the_model_unless_the_command_line_names_another(
        OptimizerKind optimizer,
        double rate,
        params string[] options
    )
    {
        var output = folder.Under("run");
        var (code, _, error) = await InProcess.Run([
            "train",
            nameof(RecipeDeclared),
            "--text",
            folder.Text,
            "--cache",
            folder.Under("cache"),
            "--steps",
            "1",
            "--batch",
            "1",
            "--context",
            "16",
            "--output",
            output,
            .. options,
        ]);
        Assert.True(code == 0, error);
        var saved = Checkpoint.Open(output).Info.Options;
        Assert.Equal((optimizer, rate), (saved.Optimizer, saved.LearningRate));
    }

    [Fact]
    public async Task Describe_tells_it()
    {
        var (_, table, _) = await InProcess.Run("describe", nameof(RecipeDeclared));
        // The caption takes as many lines as the table's width makes of it.
        var words = string.Join(' ', table.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("muon, learning rate 0.004", words, StringComparison.Ordinal);
        var (_, output, _) = await InProcess.Run("describe", nameof(RecipeDeclared), "--json");
        using var document = JsonDocument.Parse(output);
        var run = document.RootElement.GetProperty("trainingRun");
        Assert.Equal(("muon", 0.004), (run.GetProperty("optimizer").GetString(), run.GetProperty("learningRate").GetDouble()));
    }
}
