using LowRank.Training.Checkpoints;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Tests.Loop;

namespace LowRank.Training.Tests.Checkpoints;

public sealed class DamagedRunTests(TrainingText text)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_whose_checkpoints_are_all_damaged_is_refused_and_stays_as_it_is(bool resume)
    {
        using var folder = new TemporaryFolder();
        Train(folder.Path, resume: false, every: 2);
        foreach (var checkpoint in new CheckpointFolder(folder.Path).Newest())
            Damage(checkpoint);
        var before = Contents(folder.Path);
        var refused = Assert.Throws<InputException>(() => Train(folder.Path, resume, every: 2)).Message;
        Assert.Contains("step-000000006: model.safetensors", refused, StringComparison.Ordinal);
        Assert.Contains("step-000000004: model.safetensors", refused, StringComparison.Ordinal);
        Assert.Equal(before, Contents(folder.Path));
    }

    [Fact]
    public void A_lone_damaged_checkpoint_is_called_damaged()
    {
        using var folder = new TemporaryFolder();
        Train(folder.Path, resume: false, every: 0);
        Damage(Assert.Single(new CheckpointFolder(folder.Path).Newest()));
        Assert.Contains(
            "The only checkpoint in",
            Assert.Throws<InputException>(() => Checkpoint.Open(folder.Path)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<InputException>(() => Train(folder.Path, resume: true, every: 0));
    }

    [Fact]
    public void A_damaged_checkpoint_that_was_passed_over_stays_until_its_step_is_written_again()
    {
        using var folder = new TemporaryFolder();
        Train(folder.Path, resume: false, every: 2);
        var damaged = new CheckpointFolder(folder.Path).Newest()[0];
        var good = File.ReadAllBytes(Path.Combine(damaged, Checkpoint.ModelFile));
        Damage(damaged);
        var bad = File.ReadAllBytes(Path.Combine(damaged, Checkpoint.ModelFile));
        var seen = new List<(long Step, bool IsDamaged, int Count)>();
        var observer = new RecordingObserver
        {
            OnCheckpoint = step =>
                seen.Add(
                    (
                        step,
                        bad.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(damaged, Checkpoint.ModelFile))),
                        new CheckpointFolder(folder.Path).Newest().Count
                    )
                ),
        };
        Train(folder.Path, resume: true, every: 1, observer);
        Assert.Contains("step-000000004 is used instead", Assert.Single(observer.Warnings), StringComparison.Ordinal);
        // Two whole ones beside it, then two whole ones.
        Assert.Equal([(5, true, 3), (6, false, 2)], seen);
        Assert.Equal(good, File.ReadAllBytes(Path.Combine(damaged, Checkpoint.ModelFile)));
        Assert.Equal(6, Checkpoint.Newest(folder.Path, sentence => Assert.Fail(sentence))!.Info.Step);
    }

    [Fact]
    public void Folders_of_other_names_are_neither_read_nor_removed()
    {
        using var folder = new TemporaryFolder();
        var copy = Path.Combine(folder.Path, "checkpoints", "step-000000002-copy");
        Directory.CreateDirectory(copy);
        Train(folder.Path, resume: false, every: 1);
        Assert.True(Directory.Exists(copy));
        Assert.Equal(2, new CheckpointFolder(folder.Path).Newest().Count);
    }

    private static void Damage(string checkpoint)
    {
        var path = Path.Combine(checkpoint, Checkpoint.ModelFile);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static SortedDictionary<string, string> Contents(string folder) =>
        new(
            Directory
                .GetFiles(Path.Combine(folder, "checkpoints"), "*", SearchOption.AllDirectories)
                .ToDictionary(path => path, path => CheckpointFile.Of(path).Hash),
            StringComparer.Ordinal
        );

    private void Train(string folder, bool resume, long every, RecordingObserver? observer = null) =>
        new Trainer(
            TrainingText.Small,
            Variant.Guided,
            text.Data,
            TrainingText.Options(folder, 6) with
            {
                CheckpointEvery = every,
                Resume = resume,
            },
            observer ?? new RecordingObserver()
        ).Run(default);
}
