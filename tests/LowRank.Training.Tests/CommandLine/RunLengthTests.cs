namespace LowRank.Training.Tests.CommandLine;

public sealed class RunLengthTests(TrainedRuns runs) : IClassFixture<TrainedRuns>
{
    [Fact]
    public async Task A_comparison_says_what_its_runs_read_and_when_all_are_done()
    {
        var (code, _, error) = await App.Run(["compare", "Compared", "--output", Path.Combine(runs.Path, "compared"), .. runs.SixSteps]);
        Assert.True(code == 0, error);
        Assert.Matches("The run reads 768 tokens: 0\\.[0-9]{2} epochs of a training text of [0-9,]+ tokens\\.", error);
        Assert.DoesNotContain("Note:", error, StringComparison.Ordinal);
        Assert.Matches("\\[dense\\] step 6/6 .* left 0\\.0 s, of all variants [0-9]", error);
        Assert.Matches("\\[lowrank\\] step 6/6 .* left 0\\.0 s, of all variants [0-9]", error);
        // Nothing follows the last one.
        Assert.Matches("\\[guided\\] step 6/6 .* left 0\\.0 s\\s", error);
    }

    [Fact]
    public async Task A_text_too_small_for_the_run_is_said()
    {
        using var stop = new CancellationTokenSource();
        using var warned = new CancelingWriter("Note: the text is small", stop);
        var (_, _, error) = await App.Run(
            ["train", "SmallTransformer", "--output", Path.Combine(runs.Path, "long"), "--steps", "1000000", "--batch", "1", .. runs.Text],
            error: warned,
            stop: stop.Token
        );
        Assert.Matches("The run reads 64,000,000 tokens: [0-9,]+ epochs of a training text of [0-9,]+ tokens\\.", error);
        Assert.Matches("Note: the text is small for so long a run\\. .* give it more text, or at most [0-9,]+ steps\\.", error);
    }
}
