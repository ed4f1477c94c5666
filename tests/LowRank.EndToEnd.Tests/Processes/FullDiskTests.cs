using LowRank.EndToEnd.Tests.Models;
using LowRank.Training.Checkpoints;
using LowRank.Training.Files;
using LowRank.Training.Loop;
using LowRank.Training.Reporting;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Processes;

public sealed class FullDiskTests
{
    [Fact]
    public void A_disk_that_fills_up_costs_no_step_no_line_and_no_older_checkpoint()
    {
        using var folder = new WorkFolder();
        using var disk = SmallDisk.TryMount(folder.Under("disk"), megabytes: 24);
        Assert.SkipWhen(disk is null, "Only root can mount a small file system, and only Linux has this one.");
        using var data = SmallRuns.Data(folder);
        var run = Path.Combine(disk!.Path, "run");
        var ballast = Path.Combine(disk.Path, "ballast");
        var log = new MetricsLog(Path.Combine(run, "metrics.jsonl"));
        var warnings = new List<string>();
        var observer = new Filling(
            warnings,
            // To the last byte, the page of the log's end included.
            fill: () => Fill(ballast),
            empty: () => File.Delete(ballast)
        );
        log.Warn = warnings.Add;
        var options = SmallRuns.Options(run) with { CheckpointEvery = 4 };
        using (log)
        {
            // The probe says nothing, so that writing itself fails: a disk can fill up in between.
            var result = new Trainer(SmallRuns.Find("SmallDeclared"), Variant.LowRank, data, options, new Observers(log, observer))
            {
                SaveRetryInterval = TimeSpan.FromMilliseconds(1),
                FreeSpace = _ => null,
            }.Run(default);
            Assert.Equal(SmallRuns.Steps, result.Steps);
        }

        Assert.Contains(
            warnings,
            warning =>
                warning.StartsWith("Step 8 could not be saved: ", StringComparison.Ordinal)
                && warning.Contains("that of step 4", StringComparison.Ordinal)
        );
        Assert.Contains(warnings, warning => warning.StartsWith("Step 12, the last one, could not be saved: ", StringComparison.Ordinal));
        Assert.Equal(12, Checkpoint.Open(run).Info.Step);
        Assert.Equal(["step-000000012", "step-000000004"], new CheckpointFolder(run).Newest().Select(Path.GetFileName));
        Assert.Equal(
            Enumerable.Range(1, SmallRuns.Steps),
            File.ReadLines(Path.Combine(run, "metrics.jsonl"))
                .Where(line => line.Contains("\"step\",", StringComparison.Ordinal))
                .Select(Step)
        );
        Assert.NotNull(DiskSpace.Free(run));
        Assert.InRange(DiskSpace.Free(run)!.Value, 1, 24 << 20);
    }

    private static int Step(string line) => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32();

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    // Fills the disk once the first checkpoint is saved, and makes room when the last one finds none.
    private sealed class Filling(List<string> warnings, Action fill, Action empty) : ITrainingObserver
    {
        public void Started(string model, Variant variant, long firstStep, long steps) { }

        public void StepTaken(StepMetrics metrics) { }

        public void Evaluated(ValidationMetrics metrics) { }

        public void GuideReleased(long step, long freedParameters) { }

        public void CheckpointSaved(long step, string path)
        {
            if (step == 4)
                fill();
        }

        public void Warned(string message)
        {
            warnings.Add(message);
            if (message.Contains("the last one", StringComparison.Ordinal))
                empty();
        }
    }
}
