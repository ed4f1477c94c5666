using LowRank.Training.Checkpoints;
using LowRank.Training.Evaluation;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Tests.Loop;

namespace LowRank.Training.Tests.Checkpoints;

public sealed class CheckpointFolderTests(TrainingText text)
{
    [Fact]
    public void A_damaged_checkpoint_is_passed_over_for_the_one_before()
    {
        using var folder = new TemporaryFolder();
        Train(folder.Path);
        var newest = new CheckpointFolder(folder.Path).Newest();
        Assert.Equal(2, newest.Count);
        Assert.Equal(newest[0], Checkpoint.Newest(folder.Path)!.Folder);

        var model = Path.Combine(newest[0], Checkpoint.ModelFile);
        var bytes = File.ReadAllBytes(model);
        bytes[^1] ^= 1;
        File.WriteAllBytes(model, bytes);
        var notices = new List<string>();
        Assert.Equal(newest[1], Checkpoint.Newest(folder.Path, notices.Add)!.Folder);
        Assert.Equal(
            $"The checkpoint {newest[0]} is damaged: model.safetensors is not what was written: its hash is another one. "
                + $"{Path.GetFileName(newest[1])} is used instead.",
            Assert.Single(notices)
        );
        Assert.Contains(
            "is damaged: model.safetensors",
            Assert.Throws<InputException>(() => Checkpoint.Open(newest[0])).Message,
            StringComparison.Ordinal
        );

        File.Delete(Path.Combine(newest[1], CheckpointFolder.InfoFile));
        var refused = Assert.Throws<InputException>(() => Checkpoint.Open(folder.Path)).Message;
        Assert.Contains(
            $"Every checkpoint in '{folder.Path}' is damaged (step-000000006: model.safetensors is not",
            refused,
            StringComparison.Ordinal
        );
        Assert.Contains("step-000000004: checkpoint.json is missing", refused, StringComparison.Ordinal);
        Assert.Contains(
            "is damaged: checkpoint.json is missing",
            Assert.Throws<InputException>(() => Checkpoint.Open(newest[1])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_a_killed_process_left_unfinished_is_ignored_and_cleared_away()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = Path.Combine(folder.Path, "checkpoints");
        Directory.CreateDirectory(Path.Combine(checkpoints, ".unfinished-step-000000099"));
        Directory.CreateDirectory(Path.Combine(checkpoints, ".discarded-step-000000001"));
        File.WriteAllText(Path.Combine(checkpoints, ".unfinished-step-000000099", Checkpoint.ModelFile), "half");
        Assert.Null(Checkpoint.Newest(folder.Path));
        Train(folder.Path);
        Assert.All(
            Directory.GetDirectories(checkpoints),
            path => Assert.StartsWith("step-", Path.GetFileName(path), StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_somebody_else_has_put_into_a_checkpoint_outlives_it_in_its_place()
    {
        using var folder = new TemporaryFolder();
        Train(folder.Path);
        var info = Checkpoint.Newest(folder.Path)!.Info;
        var checkpoints = new CheckpointFolder(folder.Path);
        var (old, newest) = (checkpoints.Newest()[1], checkpoints.Newest()[0]);
        string[] others =
        [
            Path.Combine(old, "notes.txt"),
            Path.Combine(old, "tuned", "model.safetensors"),
            Path.Combine(newest, "hf", "config.json"),
        ];
        foreach (var other in others)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(other)!);
            File.WriteAllText(other, "mine");
        }

        // Replaced, and pruned.
        Write(info.Step);
        Assert.Equal(newest, Checkpoint.Newest(folder.Path)!.Folder);
        Write(info.Step + 2);
        Write(info.Step + 4);
        Write(info.Step + 6);
        Assert.All(others, other => Assert.Equal("mine", File.ReadAllText(other)));
        Assert.Equal(["step-000000012", "step-000000010"], checkpoints.Newest().Select(Path.GetFileName));
        Assert.Equal(["notes.txt", "tuned"], Directory.GetFileSystemEntries(old).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["hf"], Directory.GetFileSystemEntries(newest).Select(Path.GetFileName));
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetDirectoryName(old)!), path => Path.GetFileName(path).StartsWith('.'));

        void Write(long step) =>
            checkpoints.Write(
                step,
                files =>
                {
                    File.WriteAllText(Path.Combine(files, Checkpoint.ModelFile), "weights");
                    return info with { Step = step };
                }
            );
    }

    [Fact]
    public void A_loaded_model_reaches_the_saved_loss()
    {
        using var folder = new TemporaryFolder();
        var result = Train(folder.Path);
        var checkpoint = Checkpoint.Open(folder.Path);
        using var model = checkpoint.LoadModel("cpu", "fp32");
        Assert.False(model.HasGuide);
        var (loss, _) = Evaluator.Evaluate(model, text.Data.Validation, 32, 8);
        Assert.Equal(result.ValidationLoss, loss);
        Assert.Equal(File.ReadAllText(text.Data.TokenizerPath), File.ReadAllText(checkpoint.TokenizerPath));
    }

    private RunResult Train(string folder) =>
        new Trainer(
            TrainingText.Small,
            Variant.Guided,
            text.Data,
            TrainingText.Options(folder, 6) with
            {
                CheckpointEvery = 2,
            },
            new RecordingObserver()
        ).Run(default);
}
