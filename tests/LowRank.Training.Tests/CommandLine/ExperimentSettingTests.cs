using LowRank.Training.CommandLine;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>What a command line refuses, an experiment's file is refused for too, by its own keys.</summary>
public sealed class ExperimentSettingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(
        "\"gaLoreRank\": 8",
        "contender 'a': gaLoreRank is an option of galore, and the run trains by adamw; leave it out, or choose another optimizer."
    )]
    [InlineData(
        "\"optimizer\": \"galore\", \"momentum\": 0.5",
        "contender 'a': momentum is an option of muon and spectron, and the run trains by galore; leave it out, or choose another optimizer."
    )]
    [InlineData(
        "\"from\": \"x\", \"fineTuning\": { \"method\": \"full\", \"alpha\": 2 }",
        "contender 'a': fineTuning.alpha means nothing for the method full, it is an option of lora; leave it out, or choose another method of full, lora, lowrank, galore."
    )]
    [InlineData(
        "\"sequencesPerStep\": 4, \"sequencesPerMicroBatch\": 3",
        "contender 'a': sequencesPerMicroBatch 3 does not divide sequencesPerStep 4; choose a divisor of it."
    )]
    [InlineData(
        "\"from\": \"x\", \"fineTuning\": { \"method\": \"lowrank\" }",
        "contender 'a': The method lowrank takes one of fineTuning.rank, fineTuning.ratio and fineTuning.energy."
    )]
    [InlineData("\"denseFrom\": 2", "contender 'a': denseFrom must be above 0 and below 1, not 2.")]
    public async Task A_setting_that_cannot_be_meant_is_refused_with_file_and_key(string settings, string sentence)
    {
        var file = Write(settings);
        var (code, output, error) = await App.Run(["experiment", file, "--dry-run"]);
        Assert.Equal((ExitCode.WrongInput, "", $"{file}: {sentence}"), (code, output, error.TrimEnd()));
    }

    [Theory]
    [InlineData("\"steps\": 9000000000000000", "contender 'a': steps 9000000000000000 of ")]
    [InlineData("\"flops\": \"baseline\", \"steps\": 9000000000000000", "contender 'b': steps 9000000000000000 of ")]
    [InlineData(
        "\"sequencesPerStep\": 2147483647, \"sequencesPerMicroBatch\": 2147483647",
        "contender 'a': sequencesPerMicroBatch 2147483647 of context 64 is "
    )]
    public async Task An_amount_that_overflows_is_refused_with_numbers(string settings, string sentence)
    {
        var isEqual = settings.Contains("flops", StringComparison.Ordinal);
        var file = isEqual
            ? Write("\"steps\": 2", ", { \"name\": \"b\", \"model\": \"SmallTransformer\", \"variant\": \"guided\", " + settings + " }")
            : Write(settings);
        var (code, _, error) = await App.Run(["experiment", file, "--dry-run"]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{file}: {sentence}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_takes_a_common_setting_back()
    {
        var file = Write(
            "\"optimizer\": \"muon\", \"momentum\": 0.9",
            ", { \"name\": \"b\", \"model\": \"SmallTransformer\", \"variant\": \"guided\", \"steps\": 2, \"optimizer\": \"adamw\", \"momentum\": null, \"gaLoreRank\": null }"
        );
        var (code, _, error) = await App.Run(["experiment", file, "--dry-run"]);
        Assert.True(code == 0, error);
    }

    private string Write(string settings, string others = "")
    {
        var path = Path.Combine(folder.Path, "experiment.json");
        var steps = settings.Contains("\"steps\"", StringComparison.Ordinal) ? "" : "\"steps\": 2, ";
        File.WriteAllText(
            path,
            $$"""
            { "name": "e", "output": "{{folder.Path.Replace("\\", "/", StringComparison.Ordinal)}}/runs", "seeds": [1], "baseline": "a",
              "contenders": [{ "name": "a", "model": "SmallTransformer", "variant": "guided", {{steps}}{{settings}} }{{others}}] }
            """
        );
        return path;
    }
}
