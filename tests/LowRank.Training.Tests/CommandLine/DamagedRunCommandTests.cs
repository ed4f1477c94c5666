using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine;

namespace LowRank.Training.Tests.CommandLine;

public sealed class DamagedRunCommandTests(TrainedRuns runs) : IClassFixture<TrainedRuns>
{
    [Fact]
    public async Task Every_command_says_what_is_passed_over_and_refuses_where_nothing_is_whole()
    {
        var folder = Path.Combine(runs.Path, "damaged");
        string[] train = ["train", "SmallTransformer", "--output", folder, "--checkpoint-every", "2", .. runs.SixSteps];
        var (code, _, error) = await App.Run(train);
        Assert.True(code == 0, error);
        var newest = new CheckpointFolder(folder).Newest();
        FlipInfo(newest[0]);

        string[][] reading =
        [
            ["evaluate", folder, "--sequences", "1", .. runs.Text],
            ["generate", folder, "--prompt", "The", "--tokens", "1"],
            [
                "train",
                "SmallTransformer",
                "--variant",
                "guided",
                "--from",
                folder,
                "--output",
                Path.Combine(runs.Path, "begun"),
                .. runs.SixSteps,
            ],
            [.. train, "--resume"],
        ];
        foreach (var command in reading)
        {
            (code, _, error) = await App.Run(command);
            if (command[0] != "train" || !command.Contains("--from"))
                Assert.True(code == 0, error);
            var line =
                $"The checkpoint {newest[0]} is damaged: checkpoint.json is not what was written: its hash is another one. step-000000004 is used instead.";
            Assert.Single(error.Split('\n'), said => said.TrimEnd() == line);
        }

        // The run has written its last step again.
        Assert.Equal(6, Checkpoint.Newest(folder)!.Info.Step);
        foreach (var checkpoint in new CheckpointFolder(folder).Newest())
            FlipInfo(checkpoint);
        string[][] refused =
        [
            .. reading,
            train,
            ["export", folder, "--to", Path.Combine(runs.Path, "exported")],
            ["finetune", folder, "--method", "full", "--output", Path.Combine(runs.Path, "tuned"), .. runs.SixSteps],
        ];
        foreach (var command in refused)
        {
            (code, _, error) = await App.Run(command);
            Assert.True(code == ExitCode.WrongInput, string.Join(' ', command) + "\n" + error);
            Assert.Contains("step-000000006: checkpoint.json is not", error, StringComparison.Ordinal);
            Assert.Contains("step-000000004: checkpoint.json is not", error, StringComparison.Ordinal);
        }

        Assert.Equal(2, new CheckpointFolder(folder).Newest().Count);
    }

    [Theory]
    [InlineData("train", "SmallTransformer")]
    [InlineData("compare", "Compared")]
    public async Task Going_on_in_a_folder_that_holds_no_run_is_refused(string command, string model)
    {
        var missing = Path.Combine(runs.Path, command + "-misspelled");
        var (code, _, error) = await App.Run([command, model, "--output", missing, "--resume", .. runs.SixSteps]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains($"There is no run '{missing}' to go on with", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(missing));

        Directory.CreateDirectory(Path.Combine(missing, "notes"));
        (code, _, error) = await App.Run([command, model, "--output", missing, "--resume", .. runs.SixSteps]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("holds no run to go on with", error, StringComparison.Ordinal);
    }

    // A step more, in a file that reads well.
    private static void FlipInfo(string checkpoint)
    {
        var path = Path.Combine(checkpoint, CheckpointFolder.InfoFile);
        var text = File.ReadAllText(path);
        File.WriteAllText(path, text.Replace("\"seconds\": ", "\"seconds\": 1", StringComparison.Ordinal));
        Assert.NotEqual(text, File.ReadAllText(path));
    }
}
