using LowRank.Training.Reporting;
using LowRank.Training.Runs;

namespace LowRank.Training.Tests.Reporting;

public sealed class MetricsLogTests
{
    [Fact]
    public void Every_event_is_a_line_with_all_its_numbers()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "run", "metrics.jsonl");
        using var log = new MetricsLog(path);
        log.Started("Sample", Variant.Guided, 0, 10);
        log.StepTaken(new StepMetrics(1, 10, 4.5, 1e-4, .98, 1.25, 1000, .5, 123_456_789_012_345_678_901m));
        log.StepTaken(new StepMetrics(2, 10, 4.5, 1e-4, .98, 1.25, 1000, .5, 7) { PeakDeviceMemoryBytes = 3_000_000_000 });
        log.Evaluated(new ValidationMetrics(1, double.NaN, .98, .5, 7));
        log.GuideReleased(5, 98_304);
        log.BecameDense(6, 65_536);
        log.CheckpointSaved(5, "a/b");
        log.EvaluatedAtEnd(new FinalMetrics(10, 0, 4096));
        // Read while the log is open: every line is on its way to the disk at once.
        var lines = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)).ReadToEnd().Split('\n');
        Assert.Equal(
            [
                """{"kind":"step","step":1,"loss":4.5,"learningRate":0.0001,"alpha":0.98,"gradientNorm":1.25,"tokensPerSecond":1000,"seconds":0.5,"trainingFlops":123456789012345678901}""",
                """{"kind":"step","step":2,"loss":4.5,"learningRate":0.0001,"alpha":0.98,"gradientNorm":1.25,"tokensPerSecond":1000,"seconds":0.5,"trainingFlops":7,"peakDeviceMemoryBytes":3000000000}""",
                """{"kind":"validation","step":1,"loss":null,"perplexity":null,"alpha":0.98,"seconds":0.5,"trainingFlops":7}""",
                """{"kind":"guide-released","step":5,"freedParameters":98304}""",
                """{"kind":"became-dense","step":6,"addedParameters":65536}""",
                """{"kind":"checkpoint","step":5,"path":"a/b"}""",
                """{"kind":"final-validation","step":10,"loss":0,"perplexity":1,"tokens":4096}""",
                "",
            ],
            lines
        );
    }

    [Fact]
    public void A_resumed_run_continues_at_its_checkpoint_and_drops_a_torn_line()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "metrics.jsonl");
        using (var log = new MetricsLog(path))
        {
            log.Started("Sample", Variant.Guided, 0, 10);
            log.Evaluated(Validation(0));
            for (var step = 1; step <= 7; step++)
                log.StepTaken(Step(step));
            log.Evaluated(Validation(4));
        }

        File.AppendAllText(path, """{"kind":"step","st""");
        using (var log = new MetricsLog(path))
        {
            log.Started("Sample", Variant.Guided, 4, 10);
            // The checkpoint was written before the evaluation of its step: it is done again.
            log.Evaluated(Validation(4));
            log.StepTaken(Step(5));
        }

        Assert.Equal([1, 2, 3, 4, 5], MetricsLines.Steps(path, "step"));
        Assert.Equal([0, 4], MetricsLines.Steps(path, "validation"));
    }

    [Fact]
    public void A_damaged_line_costs_no_other_and_is_told_once()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "metrics.jsonl");
        using (var log = new MetricsLog(path))
        {
            log.Started("Sample", Variant.Guided, 0, 10);
            for (var step = 1; step <= 7; step++)
                log.StepTaken(Step(step));
        }

        var lines = File.ReadAllLines(path);
        lines[1] = lines[1].Replace("\"step\":2", "\"st", StringComparison.Ordinal);
        File.WriteAllText(path, string.Join('\n', lines) + "\n" + """{"kind":"step","st""");
        var told = new List<string>();
        using (var log = new MetricsLog(path, told.Add))
        {
            log.Started("Sample", Variant.Guided, 6, 10);
            log.StepTaken(Step(7));
        }

        Assert.Equal([1, 3, 4, 5, 6, 7], MetricsLines.Steps(path, "step"));
        // The torn last line is what every kill may leave.
        Assert.Equal($"Line 2 of {path} is damaged and left out; all others are kept.", Assert.Single(told));
    }

    [Fact]
    public void A_new_run_begins_a_new_log()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "metrics.jsonl");
        File.WriteAllText(path, "something else\n");
        using (var log = new MetricsLog(path))
        {
            log.Started("Sample", Variant.Dense, 0, 10);
            log.StepTaken(Step(1));
        }

        Assert.Equal([1], MetricsLines.Steps(path, "step"));
    }

    private static StepMetrics Step(long step) => new(step, 10, 4, 1e-3, 0, 1, 100, step, step * 1000);

    private static ValidationMetrics Validation(long step) => new(step, 4, 0, step, step * 1000);
}
