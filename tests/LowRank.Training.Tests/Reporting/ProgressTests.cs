using LowRank.Training.Reporting.Progress;
using LowRank.Training.Runs;
using Spectre.Console;

namespace LowRank.Training.Tests.Reporting;

public sealed class ProgressTests
{
    [Fact]
    public void Plain_lines_come_at_the_first_step_every_few_seconds_and_at_the_last()
    {
        using var text = new StringWriter();
        var clock = new Clock();
        var progress = new PlainProgress(text, TimeSpan.FromSeconds(10), clock);
        progress.Started("Sample", Variant.Guided, 0, 100);
        for (var step = 1; step <= 100; step++)
        {
            clock.Seconds += 1;
            progress.StepTaken(new StepMetrics(step, 100, 4.25, 6e-4, .5, 1, 12_345, step, step));
        }

        progress.BecameDense(100, 5678);
        progress.Evaluated(new ValidationMetrics(100, 3, 0, 100, 100));
        progress.EvaluatedAtEnd(new FinalMetrics(100, 3.5, 8192));
        var lines = text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("[guided] Sample: 100 steps", lines[0]);
        Assert.Equal("[guided] step 1/100  loss 4.2500  rate 6.00e-4  α 0.500  12,345 tokens/s", lines[1]);
        Assert.Equal("[guided] step 11/100  loss 4.2500  rate 6.00e-4  α 0.500  12,345 tokens/s  left 1 min 29 s", lines[2]);
        Assert.StartsWith("[guided] step 100/100", lines[^4], StringComparison.Ordinal);
        Assert.Equal("[guided] step 100: the factors became dense layers, 5,678 parameters more", lines[^3]);
        Assert.Equal("[guided] step 100: validation loss 3.0000, perplexity 20.09", lines[^2]);
        Assert.Equal("[guided] final validation loss 3.5000, perplexity 33.12, over 8,192 tokens", lines[^1]);
        Assert.Equal(1 + 10 + 1 + 1 + 1 + 1, lines.Length);
    }

    [Fact]
    public void Without_a_guide_no_share_of_it_is_shown()
    {
        using var text = new StringWriter();
        var progress = new PlainProgress(text);
        progress.Started("Sample", Variant.LowRank, 0, 100);
        progress.StepTaken(new StepMetrics(1, 100, 4.25, 6e-4, 0, 1, 12_345, 1, 1));
        Assert.Contains("[lowrank] step 1/100  loss 4.2500  rate 6.00e-4  12,345 tokens/s", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_left_of_all_variants_follows_from_the_flops_of_those_to_come()
    {
        using var text = new StringWriter();
        var progress = new PlainProgress(text, TimeSpan.Zero) { LaterFlops = 5_000 };
        progress.Started("Sample", Variant.Dense, 0, 100);
        // Resumed: what earlier sittings took says nothing about this machine now.
        progress.StepTaken(Step(50, seconds: 1_000, flops: 1_000));
        progress.StepTaken(Step(51, seconds: 1_002, flops: 1_100));
        var lines = text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("12,345 tokens/s", lines[1], StringComparison.Ordinal);
        // 49 steps of 2 s, and 5,000 FLOPs at 50 a second.
        Assert.EndsWith("left 1 min 38 s, of all variants 3 min 18 s", lines[2], StringComparison.Ordinal);

        static StepMetrics Step(long step, double seconds, decimal flops) => new(step, 100, 4.25, 6e-4, 0, 1, 12_345, seconds, flops);
    }

    [Fact]
    public void A_terminal_shows_a_panel_that_is_redrawn()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                Interactive = InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(text),
            }
        );
        console.Profile.Width = 100;
        using var stop = new CancellationTokenSource();
        var result = new ProgressDisplay(console, TextWriter.Null, "Stopping soon.", stop.Token).ShowWhile(observer =>
        {
            observer.Started("Sample", Variant.Guided, 0, 2);
            observer.StepTaken(new StepMetrics(1, 2, 4.25, 6e-4, .5, 1, 12_345, 1, 1));
            observer.StepTaken(new StepMetrics(2, 2, 4.15, 6e-5, 0, 1, 12_345, 2, 2));
            observer.Evaluated(new ValidationMetrics(2, 3, 0, 2, 2));
            observer.EvaluatedAtEnd(new FinalMetrics(2, 3.5, 8192));
            observer.GuideReleased(2, 1234);
            observer.BecameDense(2, 5678);
            stop.Cancel();
            return 17;
        });
        Assert.Equal(17, result);
        foreach (
            var part in new[]
            {
                "Sample, guided low rank",
                "2/2",
                "4.1500",
                "loss 3.0000, perplexity 20.09 (step 2)",
                "loss 3.5000, perplexity 33.12, over 8,192 tokens",
                "1,234 parameters freed",
                "5,678 parameters more",
                "Stopping soon.",
                "\u001b[",
            }
        )
            Assert.Contains(part, text.ToString(), StringComparison.Ordinal);
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
