using System.Text;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine;

namespace LowRank.Training.Tests.CommandLine;

public sealed class ClosedOutputTests(TrainedRuns runs) : IClassFixture<TrainedRuns>
{
    [Fact]
    public async Task A_run_outlives_the_terminal_that_shows_it()
    {
        var folder = Path.Combine(runs.Path, "unseen");
        using var output = new StringWriter();
        using var closed = new ClosedWriter();
        var code = await LowRankApp.RunAsync(
            ["train", "SmallTransformer", "--output", folder, .. runs.SixSteps],
            null,
            output,
            closed,
            TextReader.Null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(ExitCode.Success, code);
        Assert.Equal(6, Checkpoint.Open(folder).Info.Step);
        Assert.Contains("The run is in", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_that_could_not_be_written_are_no_success()
    {
        var folder = Path.Combine(runs.Path, "unprinted");
        using var error = new StringWriter();
        using var closed = new ClosedWriter();
        var code = await LowRankApp.RunAsync(
            ["train", "SmallTransformer", "--output", folder, .. runs.SixSteps],
            null,
            closed,
            error,
            TextReader.Null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains(
            "The results could not be written to standard output: Input/output error",
            error.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(6, Checkpoint.Open(folder).Info.Step);
        Assert.True(File.Exists(Path.Combine(folder, "results.json")));
    }

    /// <summary>As the console of a closed terminal.</summary>
    private sealed class ClosedWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("Input/output error");

        public override void Flush() => throw new IOException("Input/output error");
    }
}
