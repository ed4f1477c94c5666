using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine;
using LowRank.Training.Files;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Tests.Loop;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>Nothing is written where a run would remove it with an old checkpoint.</summary>
public sealed class CheckpointPlaceTests(TrainingText text) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--output", "train", "SmallTransformer", "--text", "MISSING", "--output")]
    [InlineData("--output", "train", "SmallTransformer", "--text", "MISSING", "--resume", "--output")]
    [InlineData("--output", "compare", "Compared", "--text", "MISSING", "--output")]
    [InlineData("--output", "finetune", "RUN", "--method", "full", "--text", "MISSING", "--output")]
    [InlineData("The place", "export", "RUN", "--to")]
    [InlineData("The place", "import", "no/folder", "--model", "SmallTransformer", "--to")]
    public async Task A_checkpoint_and_the_folder_of_a_runs_checkpoints_take_nothing_else(string name, params string[] arguments)
    {
        ModelCatalog.Register(TrainedRuns.WithBaseline);
        var run = Path.Combine(folder.Path, "run");
        new Trainer(TrainingText.Small, Variant.Guided, text.Data, TrainingText.Options(run, 2), new RecordingObserver()).Run(default);
        var checkpoint = Checkpoint.Newest(run)!.Folder;
        var checkpoints = Path.GetDirectoryName(checkpoint)!;
        var link = Path.Combine(folder.Path, "link");
        Directory.CreateSymbolicLink(link, checkpoint);
        var before = Directory.GetFileSystemEntries(run, "*", SearchOption.AllDirectories);

        (string Path, string Says)[] refused =
        [
            (checkpoint, $"is the checkpoint '{checkpoint}', "),
            (Path.Combine(checkpoint, "a", "b"), $"lies within the checkpoint '{checkpoint}', "),
            (Path.Combine(link, "a"), $"lies within the checkpoint '{checkpoint}', "),
            (checkpoints, $"is '{checkpoints}', where a run keeps its checkpoints"),
            (Path.Combine(checkpoints, "mine") + "/", $"lies within '{checkpoints}', where a run keeps its checkpoints"),
        ];
        foreach (var (path, says) in refused)
        {
            var (code, _, error) = await App.Run([.. arguments.Select(argument => argument == "RUN" ? run : argument), path]);
            Assert.Equal((ExitCode.WrongInput, error), (code, error));
            // Where a run is to go on there is none, which may be said first.
            if (!arguments.Contains("--resume"))
                Assert.Contains($"{name} '{path}' {says}", error, StringComparison.Ordinal);
        }

        Assert.Equal(before, Directory.GetFileSystemEntries(run, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_folder_of_that_name_that_is_no_runs_takes_everything()
    {
        var own = Directory.CreateDirectory(Path.Combine(folder.Path, "checkpoints")).FullName;
        Directory.CreateDirectory(Path.Combine(own, "step-by-step"));
        File.WriteAllText(Path.Combine(own, "checkpoint.json"), "another program's");
        CheckpointPlace.Refuse(own, "--output");
        CheckpointPlace.Refuse(Path.Combine(own, "run"), "--output");
        Directory.CreateDirectory(Path.Combine(own, "step-000000001"));
        Assert.Throws<InputException>(() => CheckpointPlace.Refuse(Path.Combine(own, "run"), "--output"));
    }
}
