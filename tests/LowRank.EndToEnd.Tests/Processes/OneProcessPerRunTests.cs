using System.Globalization;
using LowRank.Training.Checkpoints;
using LowRank.Training.Files;

namespace LowRank.EndToEnd.Tests.Processes;

public sealed class OneProcessPerRunTests
{
    private const string Steps = "100000";

    [Fact]
    public void A_second_process_is_refused_and_told_of_the_first_and_a_killed_first_leaves_nothing_in_the_way()
    {
        using var folder = new WorkFolder();
        var run = folder.Under("run");
        using (var before = ExampleProcess.Start(folder.Path, Train(folder, run, Steps)))
        {
            Assert.True(before.WaitForError(": saved "), before.Error);
            before.Kill();
        }

        // Without further checkpoints: one that is read must not be the oldest of two by then.
        var reached = Checkpoint.Newest(run)!.Info.Step;
        using (var first = ExampleProcess.Start(folder.Path, [.. Train(folder, run, Steps, checkpointEvery: "100000"), "--resume"]))
        {
            Assert.True(first.WaitForError("] step "), first.Error);
            string[][] others = [Train(folder, run, Steps), [.. Train(folder, run, Steps), "--resume"]];
            foreach (var other in others)
                AssertRefused(ExampleProcess.Run(folder.Path, other), run, first.Id);

            // Reading needs no lock.
            var generated = ExampleProcess.Run(folder.Path, "generate", run, "--prompt", "The", "--tokens", "2");
            Assert.True(generated.ExitCode == 0, generated.Error);
            Assert.False(first.HasExited, first.Error);
            first.Kill();
        }

        using var next = ExampleProcess.Start(folder.Path, [.. Train(folder, run, Steps), "--resume"]);
        Assert.True(next.WaitForError(string.Create(CultureInfo.InvariantCulture, $"goes on after step {reached} of")), next.Error);
    }

    [Fact]
    public void An_experiment_and_a_comparison_keep_their_whole_folder()
    {
        using var folder = new WorkFolder();
        File.WriteAllText(
            folder.Under("long.json"),
            """
            {
              "name": "long", "output": "long", "seeds": [1],
              "common": { "steps": 100000, "sequencesPerStep": 2, "context": 32, "checkpointEvery": 1, "text": ["text"], "cache": "cache" },
              "contenders": [{ "name": "lowrank", "model": "PaperXs", "variant": "lowrank", "learningRate": 1e-3 }],
              "baseline": "lowrank"
            }
            """
        );
        using (var first = ExampleProcess.Start(folder.Path, "experiment", "long.json"))
        {
            Assert.True(first.WaitForError(": saved "), first.Error);
            AssertRefused(ExampleProcess.Run(folder.Path, "experiment", "long.json"), "long", first.Id);
            first.Kill();
        }

        using (var next = ExampleProcess.Start(folder.Path, "experiment", "long.json"))
        {
            Assert.True(next.WaitForError("goes on after step "), next.Error);
            next.Kill();
        }

        string[] compare =
        [
            "compare",
            "PaperXs",
            "--output",
            "compared",
            "--text",
            folder.Text,
            "--cache",
            "cache",
            "--steps",
            Steps,
            "--batch",
            "2",
            "--context",
            "32",
        ];
        using var comparison = ExampleProcess.Start(folder.Path, compare);
        Assert.True(comparison.WaitForError("step 1/"), comparison.Error);
        AssertRefused(ExampleProcess.Run(folder.Path, [.. compare, "--resume"]), "compared", comparison.Id);
        AssertRefused(
            ExampleProcess.Run(folder.Path, Train(folder, folder.Under("compared/dense"), Steps)),
            folder.Under("compared/dense"),
            comparison.Id
        );
    }

    [Fact]
    public void Where_the_file_system_knows_no_locks_living_processes_and_signs_of_life_count()
    {
        using var folder = new WorkFolder();
        var run = folder.Under("run");
        using (var first = ExampleProcess.StartWithoutLocks(folder.Path, Train(folder, run, Steps)))
        {
            Assert.True(first.WaitForError(": saved "), first.Error);
            AssertRefused(WithoutLocks(folder, run), run, first.Id);
            first.Kill();
        }

        // Another machine's process, a moment ago and long ago.
        var holder = Path.Combine(run, RunLock.HolderName);
        File.WriteAllBytes(holder, (LockHolder.Read(holder)! with { Host = "elsewhere", ProcessId = 17 }).ToJson());
        var (exitCode, _, error) = WithoutLocks(folder, run);
        Assert.Equal(2, exitCode);
        Assert.Contains("process 17 on elsewhere since ", error, StringComparison.Ordinal);
        Assert.Contains("Its last sign of life is ", error, StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(holder, DateTime.UtcNow.AddMinutes(-3));
        using var next = ExampleProcess.StartWithoutLocks(folder.Path, [.. Train(folder, run, Steps), "--resume"]);
        Assert.True(next.WaitForError("goes on after step "), next.Error);
    }

    private static (int ExitCode, string Output, string Error) WithoutLocks(WorkFolder folder, string run)
    {
        using var process = ExampleProcess.StartWithoutLocks(folder.Path, [.. Train(folder, run, Steps), "--resume"]);
        return (process.WaitForExit(), process.Output, process.Error);
    }

    private static void AssertRefused((int ExitCode, string Output, string Error) second, string run, int first)
    {
        Assert.True(second.ExitCode == 2, second.Error);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"'{run}' is in use by process {first} on {Environment.MachineName} since "),
            second.Error,
            StringComparison.Ordinal
        );
    }

    private static string[] Train(WorkFolder folder, string run, string steps, string checkpointEvery = "1") =>
        [
            "train",
            "PaperXs",
            "--text",
            folder.Text,
            "--cache",
            folder.Under("cache"),
            "--output",
            run,
            "--steps",
            steps,
            "--batch",
            "2",
            "--micro-batch",
            "2",
            "--context",
            "32",
            "--checkpoint-every",
            checkpointEvery,
            "--seed",
            "3",
        ];
}
