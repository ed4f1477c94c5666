using LowRank.Training.CommandLine;
using LowRank.Training.Experiments;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>What a command writes replaces its own earlier results, and no other file.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string experiment;
    private readonly string output;

    public ForeignFileTests()
    {
        output = Path.Combine(folder.Path, "out");
        experiment = Write(
            "experiment.json",
            $$"""
            { "name": "e", "output": "{{output.Replace("\\", "\\\\", StringComparison.Ordinal)}}", "seeds": [1], "baseline": "a",
              "contenders": [{ "name": "a", "model": "SmallTransformer", "variant": "guided", "steps": 2 }] }
            """
        );
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("experiment.json", null)]
    [InlineData("text.txt", "A text.")]
    [InlineData("list.json", "[]")]
    [InlineData("list.json", """[{"recipe": "a"}]""")]
    [InlineData("object.json", """{"recipe": "a", "perplexityRatio": 1}""")]
    public async Task A_file_that_is_no_summary_is_refused_and_left_alone(string name, string? content)
    {
        var path = content is null ? experiment : Write(name, content);
        var before = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var (code, _, error) = await App.Run(["experiment", experiment, "--render", "--summary", path]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"--summary '{path}' is there already and no summary of an experiment", error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(output));
    }

    [Theory]
    [InlineData("report.html")]
    [InlineData("report.md")]
    [InlineData("run.lock.json")]
    [InlineData("results/a.seed-1.json")]
    public async Task A_summary_takes_no_place_of_the_experiments_other_files(string name)
    {
        var (code, _, error) = await App.Run(["experiment", experiment, "--render", "--summary", Path.Combine(output, name)]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("is the place of another file of the experiment", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_is_no_file_for_a_summary()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have other devices.");
        var (code, _, _) = await App.Run(["experiment", experiment, "--render", "--summary", "/dev/null"]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.NotNull(LowRank.Training.Files.SpecialFile.Kind("/dev/null"));
    }

    [Fact]
    public async Task A_new_file_an_empty_one_and_an_earlier_summary_are_written()
    {
        var path = Write("summary.json", "");
        var file = ExperimentFile.Read(experiment);
        var plan = new ExperimentMatrix(file).Final(file.Contenders[0], null)[0];
        new RunStore(file.Output).Write(new StoredRun(plan, null, 0, "exit code 1", null));
        for (var time = 0; time < 2; time++)
        {
            var (code, _, error) = await App.Run(["experiment", experiment, "--render", "--summary", path]);
            Assert.True(code == ExitCode.Success, error);
            Assert.Contains(
                "\"recipe\": \"a\"",
                await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("summary.json", "is no summary of an experiment")]
    [InlineData("report.md", "holds no experiment")]
    [InlineData("report.html", "holds no experiment")]
    public async Task A_report_replaces_no_file_of_somebody_else(string name, string reason)
    {
        Directory.CreateDirectory(output);
        var path = Write(Path.Combine("out", name), "somebody's");
        var (code, _, error) = await App.Run(["experiment", experiment, "--render"]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("results.json")]
    [InlineData("report.html")]
    [InlineData("loss-over-time.svg")]
    [InlineData("adapter/adapter.json")]
    public async Task A_run_replaces_no_file_of_somebody_else(string name)
    {
        Directory.CreateDirectory(Path.Combine(output, "adapter"));
        var path = Write(Path.Combine("out", name), "somebody's");
        var (code, _, error) = await App.Run(["train", "SmallTransformer", "--text", experiment, "--output", output]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains($"'{path}' would be overwritten", error, StringComparison.Ordinal);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(folder.Path, name);
        File.WriteAllText(path, content);
        return path;
    }
}
