using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine;
using LowRank.Training.Experiments;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.FineTuning;

/// <summary>
/// Adapters are trained beside a trained model: a declaration with them is trained and imported without them unless there is one.
/// </summary>
public sealed class DeclaredAdapterTests
{
    private const string Note = "Note: Adapted is taken as guided, without the adapters that it declares";

    [Fact]
    public async Task A_model_that_declares_them_is_trained_as_it_would_be_without_and_then_with_them()
    {
        using var folder = new WorkFolder();
        string[] train =
        [
            "train",
            nameof(Adapted),
            "--text",
            folder.Text,
            "--cache",
            folder.Under("cache"),
            "--steps",
            "4",
            "--batch",
            "1",
            "--micro-batch",
            "1",
            "--context",
            "32",
            "--evaluation-sequences",
            "1",
        ];
        var (code, _, error) = await InProcess.Run([.. train, "--output", folder.Under("base")]);
        Assert.True(code == 0, error);
        Assert.Contains(Note, error, StringComparison.Ordinal);
        Assert.Equal(Variant.Guided, Checkpoint.Open(folder.Under("base")).Info.Variant);

        (code, _, error) = await InProcess.Run([.. train, "--from", folder.Under("base"), "--output", folder.Under("beside")]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain(Note, error, StringComparison.Ordinal);
        Assert.Equal(Variant.Lora, Checkpoint.Open(folder.Under("beside")).Info.Variant);

        (code, _, error) = await InProcess.Run([.. train, "--variant", "lora", "--output", folder.Under("alone")]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith(
            "The variant lora of Adapted trains adapters beside a trained model; give it with --from, or leave --variant out",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_comparison_which_has_no_trained_model_trains_none()
    {
        var (code, _, error) = await InProcess.Run(["compare", nameof(Adapted), "--variants", "guided,lora"]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith(
            "Adapters are trained beside a trained model, and 'compare' trains from the beginning",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_import_leaves_them_out()
    {
        using var folder = new WorkFolder();
        var (_, _, error) = await InProcess.Run("import", folder.Under("missing"), "--model", nameof(Adapted), "--to", folder.Under("to"));
        Assert.StartsWith(Note, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", Variant.Guided)]
    [InlineData(", \"from\": \"runs/base\"", Variant.Lora)]
    public void An_experiment_trains_them_where_it_begins_with_weights(string settings, Variant variant)
    {
        var file = ExperimentFile.Parse(
            "e.json",
            $$"""
            { "name": "e", "output": "out", "seeds": [1], "baseline": "a", "contenders": [{ "name": "a", "model": "Adapted", "steps": 2{{settings}} }] }
            """
        );
        Assert.Equal(variant, ExperimentMatrix.Subject(file.Contenders[0]).Variant);
    }
}
