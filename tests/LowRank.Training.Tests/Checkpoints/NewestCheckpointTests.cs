using LowRank.Training.Checkpoints;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Tests.Loop;

namespace LowRank.Training.Tests.Checkpoints;

/// <summary>A run that goes on removes its old checkpoints also while somebody reads them.</summary>
public sealed class NewestCheckpointTests(TrainingText text)
{
    [Fact]
    public void A_run_is_opened_again_and_a_named_checkpoint_is_not()
    {
        using var folder = new TemporaryFolder();
        var newest = Train(folder.Path);
        var removed = newest[0] + ".removed";

        // Between opening and reading, as by the run.
        var found = NewestCheckpoint.Read(
            folder.Path,
            opened: null,
            report: null,
            checkpoint =>
            {
                if (Directory.Exists(newest[0]))
                    Directory.Move(newest[0], removed);
                using var model = checkpoint.LoadModel("cpu", "fp32");
                return checkpoint;
            }
        );
        Assert.Equal(newest[1], found.Folder);

        Directory.Move(removed, newest[0]);
        var named = Checkpoint.Open(newest[0]);
        Directory.Move(newest[0], removed);
        string[] refusals =
        [
            Assert
                .Throws<InputException>(() =>
                    NewestCheckpoint.Read(newest[0], named, null, checkpoint => checkpoint.LoadModel("cpu", "fp32"))
                )
                .Message,
            // However often the run is quicker.
            Assert
                .Throws<InputException>(() => NewestCheckpoint.Read(folder.Path, () => named, checkpoint => checkpoint.ExistingTokenizer()))
                .Message,
        ];
        Assert.All(
            refusals,
            message =>
                Assert.Equal(
                    $"The checkpoint {newest[0]} was removed while it was read, as a run that goes on removes old ones; give the command again.",
                    message
                )
        );
    }

    [Fact]
    public void A_run_that_begins_with_another_ones_weights_takes_the_newest_where_those_that_were_opened_are_gone()
    {
        using var folder = new TemporaryFolder();
        var newest = Train(folder.Path);
        var start = Checkpoint.Open(folder.Path);
        Directory.Delete(newest[0], recursive: true);
        var result = Begin(folder.Path);
        Assert.Equal(7, result.Steps);

        var refused = Assert.Throws<InputException>(() => Begin(newest[0]));
        Assert.Contains("was removed while it was read", refused.Message, StringComparison.Ordinal);

        RunResult Begin(string from)
        {
            var options = TrainingText.Options(output: null, steps: 7) with { From = from };
            return new Trainer(TrainingText.Small, Variant.LowRank, text.Data, options, new RecordingObserver()) { Start = start }.Run(
                default
            );
        }
    }

    private IReadOnlyList<string> Train(string folder)
    {
        var options = TrainingText.Options(folder, 6) with { CheckpointEvery = 2 };
        new Trainer(TrainingText.Small, Variant.Guided, text.Data, options, new RecordingObserver()).Run(default);
        return new CheckpointFolder(folder).Newest();
    }
}
