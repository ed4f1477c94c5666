using System.Text.Json;
using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Experiments;

namespace LowRank.EndToEnd.Tests.Experiments;

public sealed class ExperimentReportTests : IDisposable
{
    private readonly WorkFolder folder = new();
    private readonly ExperimentFile file;
    private readonly RunStore store;
    private readonly string path;

    public ExperimentReportTests()
    {
        path = folder.Under("small.json");
        File.WriteAllText(
            path,
            ExperimentText.Two.Replace("OUT", folder.Under("out").Replace("\\", "\\\\", StringComparison.Ordinal), StringComparison.Ordinal)
        );
        file = ExperimentFile.Read(path);
        store = new RunStore(file.Output);
        var matrix = new ExperimentMatrix(file);
        Put(matrix.Sweep(file.Contenders[0]), (50, 1, 1e9m), (40, 1, 1e9m));
        Put(matrix.Final(file.Contenders[0], 2e-3), (20, 10, 4e9m), (25, 20, 4e9m));
        Put(matrix.Sweep(file.Contenders[1]), (45, 1, 1e9m), (60, 1, 1e9m));
        Put(matrix.Final(file.Contenders[1], 1e-3), (22, 8, 3e9m), (20, 18, 3e9m));
        Put(matrix.Final(file.Contenders[2], 1e-3), (19, 11, 4e9m), (20, 22, 4e9m));
        var last = matrix.Final(file.Contenders[3], null);
        store.Write(SyntheticRuns.Finished(last[0], 30, 5, 2e9m));
        store.Write(SyntheticRuns.Failed(last[1]));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_report_has_the_figures_computed_by_hand()
    {
        var (code, output, error) = await InProcess.Run("experiment", path, "--render");
        Assert.True(code == 0, error);
        Assert.Contains("report.md", output, StringComparison.Ordinal);
        Assert.Contains("1 of 12 runs failed; --retry runs them again:", error, StringComparison.Ordinal);
        var report = await File.ReadAllTextAsync(Path.Combine(file.Output, "report.md"), TestContext.Current.CancellationToken);

        // Dense: mean (20 + 25)/2, deviation 5/√2. Guided: 22/20 and 20/25 seed by seed, 1.1 and 0.8: mean 0.95, deviation 0.3/√2.
        // Ratios come first, each with its spread on a second line.
        var dense = Row(report, "dense");
        Assert.Equal("1.0000", dense[1]);
        Assert.Equal("22.50<br>± 3.54 [20.00, 25.00]", dense[5]);
        var guided = Row(report, "guided");
        Assert.Equal(("0.9500<br>± 0.2121 [0.8000, 1.1000]", "0.750", "2"), (guided[1], guided[3], guided[7]));
        // Its twin: 19/20 and 20/25. Time 0.8 and 0.9.
        Assert.Equal("0.8750<br>± 0.1061 [0.8000, 0.9500]", guided[2]);
        Assert.Equal("0.850<br>± 0.071 [0.800, 0.900]", guided[4]);
        Assert.Equal("0.8750<br>± 0.1061 [0.8000, 0.9500]", Row(report, "guided-equal")[2]);
        // One seed of the last failed: 30/20 alone.
        var last = Row(report, "lowrank-equal");
        Assert.Equal(("1.5000", "0.500", "30.00", "1"), (last[1], last[3], last[5], last[7]));
        Assert.Contains("| lowrank-equal/seed-2 | exit code 1: Step 2 diverged |", report, StringComparison.Ordinal);
        Assert.Contains("| dense | 0.002 | 1 | 3.6889 | chosen, edge of the list |", report, StringComparison.Ordinal);
        Assert.Equal(2, report.Split("experiment " + path + "\n```").Length);
    }

    [Fact]
    public async Task The_summary_begins_with_the_default_and_page_and_charts_stand_beside_it()
    {
        Assert.Equal(0, (await InProcess.Run("experiment", path, "--render")).Code);
        using var summary = JsonDocument.Parse(
            await File.ReadAllBytesAsync(Path.Combine(file.Output, "summary.json"), TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            ["guided", "dense", "guided-equal", "lowrank-equal"],
            summary.RootElement.EnumerateArray().Select(entry => entry.GetProperty("recipe").GetString())
        );
        var first = summary.RootElement[0];
        Assert.Equal(2, first.GetProperty("seeds").GetInt32());
        Assert.Equal(0.95, first.GetProperty("perplexityRatio").GetDouble(), 12);
        Assert.Equal(0.3, first.GetProperty("perplexityRatioSpread").GetDouble(), 12);
        Assert.Equal(0.75, first.GetProperty("flopsRatio").GetDouble(), 12);
        Assert.Equal(0.85, first.GetProperty("timeRatio").GetDouble(), 12);
        Assert.Equal(0.875, first.GetProperty("equalFlopsPerplexityRatio").GetDouble(), 12);

        var page = await File.ReadAllTextAsync(Path.Combine(file.Output, "report.html"), TestContext.Current.CancellationToken);
        Assert.Contains(
            "<span>0.9500</span><small>± 0.2121 [0.8000, 1.1000]</small>",
            Plain(System.Net.WebUtility.HtmlDecode(page)),
            StringComparison.Ordinal
        );
        // Four charts: light and dark, on wide and on narrow screens.
        Assert.Equal(16, page.Split("data:image/svg+xml").Length - 1);
        Assert.Equal(2, page.Split("<pre>").Length);
        foreach (var name in new[] { "perplexity-over-flops", "perplexity-over-time", "perplexity-over-parameters", "loss-over-flops" })
        {
            var picture = await File.ReadAllBytesAsync(Path.Combine(file.Output, name + ".png"), TestContext.Current.CancellationToken);
            Assert.Equal("PNG"u8.ToArray(), picture[1..4]);
            Assert.Contains(
                "lowrank-equal",
                await File.ReadAllTextAsync(Path.Combine(file.Output, name + ".svg"), TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Factors_stand_beside_the_dense_model_of_as_many_flops_that_reads_as_many_tokens()
    {
        await File.WriteAllTextAsync(
            path,
            (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Replace(
                "{ \"name\": \"guided\",",
                "{ \"name\": \"matched\", \"model\": \"SmallDeclared\", \"variant\": \"flop-matched\", \"learningRate\": 5e-3 },\n    { \"name\": \"guided\",",
                StringComparison.Ordinal
            ),
            TestContext.Current.CancellationToken
        );
        var with = ExperimentFile.Read(path);
        var plans = new ExperimentMatrix(with).Final(with.Contenders[1], null);
        Assert.Equal(SmallDeclared.FlopMatched.Cost.Parameters, plans[0].Declared.Parameters);
        Put(plans, (20, 5, 2e9m), (16, 6, 2e9m));
        var (code, _, error) = await InProcess.Run("experiment", path, "--render");
        Assert.True(code == 0, error);
        var report = await File.ReadAllTextAsync(Path.Combine(file.Output, "report.md"), TestContext.Current.CancellationToken);
        var table = report[report.IndexOf("## At equal forward FLOPs per token", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n## Runs", StringComparison.Ordinal)];
        // 22/20 and 20/16; FLOPs 3/2; time 8/5 and 18/6.
        Assert.Equal(
            [
                "guided",
                "matched",
                "1.1750<br>± 0.1061 [1.1000, 1.2500]",
                "1.500",
                "2.300<br>± 0.990 [1.600, 3.000]",
                "21.00<br>± 1.41 [20.00, 22.00]",
                "18.00<br>± 2.83 [16.00, 20.00]",
            ],
            Row(table, "guided")
        );
        // Those that train for the dense model's FLOPs read other tokens.
        Assert.DoesNotContain("| guided-equal |", table, StringComparison.Ordinal);
        using var summary = JsonDocument.Parse(
            await File.ReadAllBytesAsync(Path.Combine(file.Output, "summary.json"), TestContext.Current.CancellationToken)
        );
        Assert.Equal(1.175, summary.RootElement[0].GetProperty("flopMatchedPerplexityRatio").GetDouble(), 12);
        Assert.Equal(JsonValueKind.Null, summary.RootElement[1].GetProperty("flopMatchedPerplexityRatio").ValueKind);
        Assert.Contains(
            "At equal forward FLOPs per token",
            await File.ReadAllTextAsync(Path.Combine(file.Output, "report.html"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_was_fine_tuned_has_a_table_of_its_own()
    {
        var plan = new ExperimentMatrix(file).Final(file.Contenders[3], null)[0];
        store.Write(SyntheticRuns.Finished(plan, 30, 5, 2e9m) with { TrainedParameters = 1_234, AlsoLoss = Math.Log(12.5) });
        Assert.Equal(0, (await InProcess.Run("experiment", path, "--render")).Code);
        var report = await File.ReadAllTextAsync(Path.Combine(file.Output, "report.md"), TestContext.Current.CancellationToken);
        var row = Row(report[report.IndexOf("Fine-tuning", StringComparison.Ordinal)..], "lowrank-equal");
        Assert.Equal(("–", "1,234", "30.00", "12.50", "2.00e9"), (row[1], row[2], row[3], row[4], row[5]));
    }

    [Fact]
    public async Task Runs_of_different_texts_are_not_rendered_together()
    {
        var plan = new ExperimentMatrix(file).Final(file.Contenders[3], null)[0];
        store.Write(SyntheticRuns.Finished(plan, 30, 5, 2e9m, "other"));
        var (code, _, error) = await InProcess.Run("experiment", path, "--render");
        Assert.Equal(2, code);
        Assert.Contains("different texts or tokenizers", error, StringComparison.Ordinal);
        Assert.Contains("other: lowrank-equal/seed-1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_finished_is_not_run_again_nor_taken_for_another()
    {
        // Everything is finished or failed: nothing is trained, and no folder of a run appears.
        var (done, _, said) = await InProcess.Run("experiment", path);
        Assert.Equal(1, done);
        Assert.Contains("  lowrank-equal/seed-2: exit code 1: Step 2 diverged", said, StringComparison.Ordinal);
        Assert.Equal(0, (await InProcess.Run("experiment", path, "--only", "guided")).Code);
        Assert.Equal(0, (await InProcess.Run("experiment", path, "--render")).Code);
        Assert.False(Directory.Exists(Path.Combine(file.Output, "runs")));

        await File.WriteAllTextAsync(
            path,
            (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Replace(
                "\"context\": 32",
                "\"context\": 64",
                StringComparison.Ordinal
            ),
            TestContext.Current.CancellationToken
        );
        var (code, _, error) = await InProcess.Run("experiment", path);
        Assert.Equal(2, code);
        Assert.Contains("dense/sweep-0.001-seed-7 is finished with other options: ", error, StringComparison.Ordinal);
        Assert.Contains("context was 32 and is now 64", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_outlook_says_what_is_left_and_how_long_it_takes()
    {
        var matrix = new ExperimentMatrix(file);
        File.Delete(Path.Combine(file.Output, "results", "guided.rate-0.001-seed-2.json"));
        var (code, output, error) = await InProcess.Run("experiment", path, "--dry-run", "--only", "guided");
        Assert.True(code == 0, error);
        Assert.Contains("guided/rate-0.001-seed-1: 40 steps, 5,120 tokens, ", output, StringComparison.Ordinal);
        Assert.Contains("In all: 4 runs, ", output, StringComparison.Ordinal);
        Assert.Contains("left: 1, ", output, StringComparison.Ordinal);
        // 5e9 FLOPs in 1 + 1 + 8 s: sweeps and the other seed.
        var seconds = (double)matrix.Final(file.Contenders[1], 1e-3)[1].Declared.TrainingFlops / (5e9 / 10);
        Assert.Contains($"About {Training.Wording.Quantity.Duration(seconds)} of training", output, StringComparison.Ordinal);

        (code, _, error) = await InProcess.Run("experiment", path, "--dry-run", "--only", "nobody");
        Assert.Equal(2, code);
        Assert.Contains("has no contender 'nobody'; it has dense, guided, guided-equal, lowrank-equal.", error, StringComparison.Ordinal);
    }

    private void Put(IReadOnlyList<RunPlan> plans, params (double Perplexity, double Seconds, decimal Flops)[] figures)
    {
        foreach (var (plan, figure) in plans.Zip(figures))
            store.Write(SyntheticRuns.Finished(plan, figure.Perplexity, figure.Seconds, figure.Flops));
    }

    private static string[] Row(string report, string contender) =>
        [
            .. Plain(report)
                .Split('\n')
                .First(line => line.StartsWith($"| {contender} | ", StringComparison.Ordinal))
                .Trim('|', ' ')
                .Split(" | "),
        ];

    // A spread has spaces at which no line ends.
    private static string Plain(string text) => text.Replace('\u00a0', ' ');
}
