using System.Globalization;
using System.Text.Json;
using LowRank.Training.Checkpoints;

namespace LowRank.EndToEnd.Tests.Processes;

public sealed class KilledRunTests
{
    private const int Kills = 8;

    // More than the run gets through between the kills: every one of them has to interrupt something.
    private const int Steps = 200;

    // Milliseconds: most of what a start takes, and a few steps with their checkpoints.
    private const int WithinStart = 1_200;
    private const int WithinSteps = 300;

    [Fact]
    public void A_run_killed_eight_times_at_random_moments_always_goes_on_from_a_valid_checkpoint()
    {
        using var folder = new WorkFolder();
        var whole = ExampleProcess.Run(folder.Path, Arguments(folder, "whole", checkpointEvery: Steps));
        Assert.True(whole.ExitCode == 0, whole.Error);

        var random = new Random(20_24);
        var run = folder.Under("killed");
        long reached = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            // A run that was killed before its first checkpoint starts afresh; one that hasn't begun can't go on.
            string[] goOn = Directory.Exists(run) ? ["--resume"] : [];
            using (var process = ExampleProcess.Start(folder.Path, [.. Arguments(folder, "killed"), .. goOn]))
            {
                // Every other kill comes while it trains and saves, whatever the machine's load, every fourth after a checkpoint; the rest
                // at any time from the start.
                var isTraining = kill % 2 == 1;
                if (isTraining)
                    process.WaitForError(kill % 4 == 1 ? ": saved " : "] step ");
                Thread.Sleep(random.Next(0, isTraining ? WithinSteps : WithinStart));
                if (process.HasExited)
                    Assert.True(process.WaitForExit() == 0, process.Error);
                process.Kill();
            }

            var checkpoint = Checkpoint.Newest(run);
            if (Directory.Exists(Path.Combine(run, "checkpoints")) && reached > 0)
                Assert.NotNull(checkpoint);
            if (checkpoint is null)
                continue;
            Assert.True(checkpoint.Info.Step >= reached, $"Kill {kill} lost steps: {checkpoint.Info.Step} after {reached}.");
            reached = checkpoint.Info.Step;
        }

        Assert.True(reached > 0, "No kill came late enough to find a checkpoint.");
        Assert.True(reached < Steps, "The run was over before the last kill.");
        var last = ExampleProcess.Run(folder.Path, [.. Arguments(folder, "killed", checkpointEvery: Steps), "--resume"]);
        Assert.True(last.ExitCode == 0, last.Error);

        // The run in pieces is the run in one piece, across the phase-out too.
        Assert.Equal(ValidationLoss(folder.Under("whole")), ValidationLoss(run));
        Assert.Equal(Losses(folder.Under("whole")), Losses(run));
    }

    private static string[] Arguments(WorkFolder folder, string output, int checkpointEvery = 1) =>
        [
            "train",
            "PaperXs",
            "--variant",
            "guided",
            "--text",
            folder.Text,
            "--output",
            folder.Under(output),
            "--steps",
            Steps.ToString(CultureInfo.InvariantCulture),
            "--batch",
            "2",
            "--micro-batch",
            "2",
            "--context",
            "32",
            "--checkpoint-every",
            checkpointEvery.ToString(CultureInfo.InvariantCulture),
            "--evaluate-every",
            "100",
            "--seed",
            "3",
            "--threads",
            "1",
        ];

    private static double ValidationLoss(string run)
    {
        using var results = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "results.json")));
        return results.RootElement.GetProperty("runs")[0].GetProperty("validationLoss").GetDouble();
    }

    // The last word on every step: a kill may come after a step was logged and before it was saved.
    private static SortedDictionary<long, double> Losses(string run)
    {
        var losses = new SortedDictionary<long, double>();
        foreach (var line in File.ReadLines(Path.Combine(run, "metrics.jsonl")))
        {
            using var entry = JsonDocument.Parse(line);
            if (entry.RootElement.TryGetProperty("learningRate", out _))
                losses[entry.RootElement.GetProperty("step").GetInt64()] = entry.RootElement.GetProperty("loss").GetDouble();
        }

        Assert.Equal(Steps, losses.Count);
        return losses;
    }
}
