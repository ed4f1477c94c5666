using LowRank.Training.CommandLine;
using LowRank.Training.Files;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Tests.Loop;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>A place that can't be written is refused before any work, by every command that writes.</summary>
public sealed class OutputPlaceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string taken;

    public OutputPlaceTests()
    {
        ModelCatalog.Register(TrainedRuns.WithBaseline);
        taken = Path.Combine(folder.Path, "taken");
        File.WriteAllText(taken, "kept");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--output", "train", "SmallTransformer", "--text", "MISSING", "--output", "TAKEN")]
    [InlineData("--output", "train", "SmallTransformer", "--text", "MISSING", "--output", "TAKEN/below/it")]
    [InlineData("--output", "compare", "Compared", "--text", "MISSING", "--output", "TAKEN")]
    [InlineData("The place", "export", "no/run", "--to", "TAKEN")]
    [InlineData("The place", "export", "no/run", "--to", "TAKEN/below")]
    [InlineData("The place", "import", "no/folder", "--model", "SmallTransformer", "--to", "TAKEN")]
    public async Task A_file_in_the_place_of_a_folder_is_named(string place, params string[] arguments)
    {
        var (code, output, error) = await App.Run([
            .. arguments.Select(argument => argument.Replace("TAKEN", taken, StringComparison.Ordinal)),
        ]);
        Assert.Equal((ExitCode.WrongInput, ""), (code, output));
        Assert.StartsWith($"{place} '{taken}", error, StringComparison.Ordinal);
        Assert.Contains($"cannot be a folder: '{taken}' is a file; choose another.", error, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(taken));
        Assert.Equal([taken], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_file_is_no_run_to_go_on_with()
    {
        var (code, output, error) = await App.Run(["train", "SmallTransformer", "--text", "MISSING", "--resume", "--output", taken]);
        Assert.Equal((ExitCode.WrongInput, ""), (code, output));
        Assert.StartsWith($"There is no run '{taken}' to go on with", error, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(taken));
    }

    [Theory]
    [InlineData("checkpoints", false)]
    [InlineData("metrics.jsonl", true)]
    [InlineData("results.json", true)]
    public async Task A_name_within_the_runs_folder_that_is_something_else_is_refused_before_the_text_is_read(string name, bool isFolder)
    {
        var run = Directory.CreateDirectory(Path.Combine(folder.Path, "run")).FullName;
        if (isFolder)
            Directory.CreateDirectory(Path.Combine(run, name));
        else
            File.WriteAllText(Path.Combine(run, name), "");
        var (code, _, error) = await App.Run(["train", "SmallTransformer", "--text", "missing", "--output", run]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Contains("--output", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--render")]
    public async Task An_experiments_output_and_summary_are_checked_before_its_runs(string option)
    {
        string File(string output)
        {
            var path = Path.Combine(folder.Path, "experiment.json");
            System.IO.File.WriteAllText(
                path,
                $$"""
                { "name": "e", "output": "{{output.Replace("\\", "\\\\", StringComparison.Ordinal)}}", "seeds": [1], "baseline": "a",
                  "contenders": [{ "name": "a", "model": "SmallTransformer", "variant": "guided", "steps": 2 }] }
                """
            );
            return path;
        }

        var file = File(taken);
        var (code, _, error) = await App.Run(["experiment", file, option]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{file}: output '{taken}' cannot be a folder", error, StringComparison.Ordinal);
        (code, _, error) = await App.Run(["experiment", File(Path.Combine(folder.Path, "new")), option, "--summary", folder.Path]);
        Assert.Equal((ExitCode.WrongInput, $"--summary '{folder.Path}' is a folder; give it a file."), (code, error.TrimEnd()));
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "new")));
    }

    [Fact]
    public void The_library_refuses_it_too()
    {
        using var data = new TrainingText();
        var refused = Assert.Throws<InputException>(() =>
            new Trainer(TrainingText.Small, Variant.Guided, data.Data, TrainingText.Options(taken), new RecordingObserver())
        );
        Assert.Contains($"'{taken}' is a file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_too_long_and_a_system_that_takes_no_files_are_refused_and_nothing_is_left()
    {
        var refused = Assert.Throws<InputException>(() =>
            WritableFolder.Check(Path.Combine(folder.Path, "a", new string('n', 300)), "--output")
        );
        Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);
        WritableFolder.Check(Path.Combine(folder.Path, "a", "b"), "--output");
        WritableFolder.Check(folder.Path, "--output");
        Assert.Equal([taken], Directory.GetFileSystemEntries(folder.Path));
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a file system that nobody can write to, root included.");
        Assert.Contains(
            "cannot be written",
            Assert.Throws<InputException>(() => WritableFolder.Check("/proc/run", "--output")).Message,
            StringComparison.Ordinal
        );
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "link"), Path.Combine(folder.Path, "nowhere"));
        Assert.Contains(
            "is a link to nothing",
            Assert.Throws<InputException>(() => WritableFolder.Check(Path.Combine(folder.Path, "link"), "--output")).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("loop")]
    [InlineData("loop", "below")]
    public async Task A_link_that_leads_back_to_itself_is_refused_before_the_text_is_read(params string[] place)
    {
        var loop = Path.Combine(folder.Path, "loop");
        File.CreateSymbolicLink(loop, loop);
        var (code, _, error) = await App.Run([
            "train",
            "SmallTransformer",
            "--text",
            "missing",
            "--output",
            Path.Combine([folder.Path, .. place]),
        ]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains(
            $"cannot be a folder: '{loop}' is a link that leads back to itself; choose another.",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_export_is_refused_where_its_unfinished_name_would_be_too_long()
    {
        var path = Path.Combine(folder.Path, new string('n', 230));
        WritableFolder.Check(path, "--to");
        Assert.Throws<InputException>(() => LowRank.Training.Files.NewFolder.Check(path, beside: true));
    }
}
