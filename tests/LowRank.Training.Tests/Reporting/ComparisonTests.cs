using System.Text.Json;
using LowRank.Training.Reporting.Comparing;
using LowRank.Training.Reporting.Pages;
using LowRank.Training.Runs;
using LowRank.Training.Tests.Loop;
using Spectre.Console;

namespace LowRank.Training.Tests.Reporting;

public sealed class ComparisonTests
{
    [Fact]
    public void The_table_shows_every_measure_with_its_ratio_to_the_dense_run()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 160;
        console.Write(ComparisonTable.ForConsole(SampleRuns.Three));
        var table = text.ToString();
        foreach (
            var cell in new[]
            {
                "33,554,432",
                "20,971,520  (0.625×)",
                "2.10e16",
                "1.66e16  (0.790×)",
                "1.88e16  (0.895×)",
                "50 min 00 s",
                "39 min 30 s  (0.790×)",
                "1.40 GiB  (1.000×)",
                "final validation perplexity",
                "guided low rank",
            }
        )
            Assert.Contains(cell, table, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_dense_run_there_are_no_ratios()
    {
        var rows = ComparisonTable.Rows([SampleRuns.Three[1], SampleRuns.Three[2]]);
        Assert.All(rows, row => Assert.All(row.Ratios, Assert.Null));
    }

    [Fact]
    public void Where_neither_side_is_cheaper_is_said_of_finished_runs()
    {
        // 999 of 1,000 FLOPs, and more digits than are shown.
        var entry = TrainedModel with
        {
            Cost = TrainedModel.Cost with { ForwardFlopsPerToken = 1_000_000 },
            FlopMatched = TrainedModel with { Cost = TrainedModel.Cost with { ForwardFlopsPerToken = 999_999 } },
        };
        var dense = SampleRuns.Three[0] with { Variant = Variant.FlopMatched, ValidationLoss = Math.Log(20) };
        var lowRank = SampleRuns.Three[1] with { ValidationLoss = Math.Log(25) };
        var guided = SampleRuns.Three[2] with { ValidationLoss = Math.Log(19) };
        Assert.Equal(
            "Validation perplexity at equal forward FLOPs per token: FLOP-matched dense 20.00, low rank 25.00 (1.250×), guided low rank 19.00 (0.950×). "
                + "The dense model has 99.99 % of the factored one's.",
            FlopMatchedLine.Of(entry, [SampleRuns.Three[0], dense, lowRank, guided])
        );
        Assert.Null(FlopMatchedLine.Of(entry, SampleRuns.Three));
        Assert.Null(FlopMatchedLine.Of(entry, [SampleRuns.Three[0], dense]));
        Assert.Null(FlopMatchedLine.Of(entry, [dense with { Stopped = true }, lowRank]));
        Assert.Null(FlopMatchedLine.Of(entry, [dense, lowRank with { Stopped = true }]));
    }

    [Fact]
    public void The_results_document_has_the_agreed_members()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, ResultsFile.Name);
        ResultsFile.Write(path, SampleRuns.Three);
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(["runs"], document.RootElement.EnumerateObject().Select(member => member.Name));
        var runs = document.RootElement.GetProperty("runs").EnumerateArray().ToArray();
        Assert.Equal(3, runs.Length);
        foreach (var (run, expected) in runs.Zip(SampleRuns.Three))
        {
            Assert.Equal(
                [
                    "model",
                    "variant",
                    "seed",
                    "parameters",
                    "parametersAtStart",
                    "trainingFlops",
                    "wallSeconds",
                    "tokens",
                    "tokensPerSecond",
                    "peakMemoryBytes",
                    "validationLoss",
                    "validationPerplexity",
                ],
                run.EnumerateObject().Select(member => member.Name).Take(12)
            );
            Assert.Equal("Sample", run.GetProperty("model").GetString());
            Assert.Equal(expected.Variant.Key(), run.GetProperty("variant").GetString());
            Assert.Equal(expected.TrainingFlops, run.GetProperty("trainingFlops").GetDecimal());
            Assert.Equal(Math.Exp(expected.ValidationLoss), run.GetProperty("validationPerplexity").GetDouble(), 12);
            var final = run.GetProperty("finalEvaluation");
            Assert.Equal(
                (expected.ValidationLoss, 65_536),
                (final.GetProperty("loss").GetDouble(), final.GetProperty("tokens").GetInt64())
            );
            Assert.Equal(
                expected.Validation.Select(point => point.Loss),
                run.GetProperty("curve").EnumerateArray().Select(point => point.GetProperty("loss").GetDouble())
            );
        }
    }

    [Fact]
    public void Memory_of_a_gpu_is_told_where_there_was_one()
    {
        Assert.DoesNotContain(ComparisonTable.Rows(SampleRuns.Three), row => row.Measure == "peak GPU memory");
        var onGpu = SampleRuns.Three[1] with { PeakDeviceMemoryBytes = 3L << 30 };
        var row = Assert.Single(ComparisonTable.Rows([SampleRuns.Three[0], onGpu]), row => row.Measure == "peak GPU memory");
        Assert.Equal(["–", "3.00 GiB"], row.Values);
        using var stream = new MemoryStream();
        ResultsFile.Write(stream, [SampleRuns.Three[0], onGpu]);
        using var document = JsonDocument.Parse(stream.ToArray());
        var runs = document.RootElement.GetProperty("runs");
        Assert.False(runs[0].TryGetProperty("peakDeviceMemoryBytes", out _));
        Assert.Equal(3L << 30, runs[1].GetProperty("peakDeviceMemoryBytes").GetInt64());
    }

    [Fact]
    public void A_stopped_run_has_the_end_of_its_curve_where_the_others_have_a_final_loss()
    {
        var stopped = SampleRuns.Three[1] with { Stopped = true, ValidationLoss = double.NaN, ValidationTokens = null };
        var rows = ComparisonTable.Rows([SampleRuns.Three[0], stopped]).ToDictionary(row => row.Measure, StringComparer.Ordinal);
        Assert.Equal(["3.3324", "–"], rows["final validation loss (nats per token)"].Values);
        Assert.Equal(["3.3124", "3.3924"], rows["validation loss where the curve ends"].Values);
        using var stream = new MemoryStream();
        ResultsFile.Write(stream, [stopped]);
        using var document = JsonDocument.Parse(stream.ToArray());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("runs")[0].GetProperty("finalEvaluation").ValueKind);
    }

    [Fact]
    public void A_stored_run_of_before_is_drawn_without_the_final_loss_at_its_end()
    {
        var run = SampleRuns.Three[0];
        Assert.Equal(run.Validation, run.Curve());
        Assert.Equal(run.Validation.SkipLast(1), (run with { ValidationTokens = null }).Curve());
        Assert.Equal(run.Validation, (run with { ValidationTokens = null, Stopped = true }).Curve());
    }

    [Fact]
    public void The_page_needs_nothing_but_itself_and_escapes_what_it_is_given()
    {
        var page = ComparisonPage.Render(Comparison("""<script src="https://evil.example/x.js"></script> & more"""), Fail);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(
            "&lt;script src=&quot;https://evil.example/x.js&quot;&gt;&lt;/script&gt; &amp; more",
            page,
            StringComparison.Ordinal
        );
        // Whatever a browser would load is a data URI.
        foreach (var attribute in new[] { "src=\"", "srcset=\"", "href=\"", "url(" })
        {
            for (
                var at = page.IndexOf(attribute, StringComparison.Ordinal);
                at >= 0;
                at = page.IndexOf(attribute, at + 1, StringComparison.Ordinal)
            )
                Assert.StartsWith("data:image/svg+xml;base64,", page[(at + attribute.Length)..], StringComparison.Ordinal);
        }

        Assert.Equal(2, page.Split("<img ").Length - 1);
        // Dark and light, on wide and on narrow screens.
        Assert.Equal(2, page.Split("\"(prefers-color-scheme: dark)\" srcset=").Length - 1);
        Assert.Equal(2, page.Split("\"(prefers-color-scheme: dark) and (max-width: 44rem)\" srcset=").Length - 1);
        Assert.Equal(2, page.Split("\"(max-width: 44rem)\" srcset=").Length - 1);
        foreach (
            var text in new[]
            {
                "color-scheme: light dark",
                "0.895×",
                "2.10e16",
                "causal convention",
                "guided low rank",
                "<th scope=\"row\"><span>FeedForward</span></th><td data-label=\"blocks\"><span>1–3</span></td>",
            }
        )
            Assert.Contains(text, System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Captions_stand_outside_of_what_scrolls_and_narrow_screens_get_every_column()
    {
        var page = ComparisonPage.Render(Comparison(""), Fail);
        Assert.DoesNotContain("<caption", page, StringComparison.Ordinal);
        Assert.Matches("<p class=\"caption\" id=\"table-1\">Measured[^<]*</p>\\n<div class=\"scroll\"[^>]*>", page);
        // Every table is described by the paragraph before it.
        Assert.Equal(page.Split("<table ").Length, page.Split(" aria-describedby=\"table-").Length);
        // Seven columns become lines with a label each; four are a table everywhere.
        Assert.Contains("<table aria-describedby=\"table-1\"><thead>", page, StringComparison.Ordinal);
        Assert.Contains("<table aria-describedby=\"table-3\" class=\"wide\"><thead>", page, StringComparison.Ordinal);
        Assert.Contains("<td data-label=\"FLOPs per token\">", page, StringComparison.Ordinal);
        // The ratio is read first, its figure stands below.
        Assert.Contains(
            "<span>0.790×</span><small>1.66e16</small>",
            page.Replace("&#215;", "×", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Equal(2, page.Split("program compare Sample").Length);
    }

    [Fact]
    public void Without_a_guide_the_page_speaks_of_none()
    {
        var guided = Comparison("");
        var page = ComparisonPage.Render(
            guided with
            {
                Entry = guided.Entry with { Cost = guided.Entry.Cost with { Guides = [] } },
                Runs = [SampleRuns.Three[0], SampleRuns.Three[1]],
            },
            Fail
        );
        Assert.DoesNotContain("guide", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("α", System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    private static Comparison Comparison(string summary) =>
        new(
            TrainedModel with
            {
                Summary = summary,
            },
            TrainingText.Options(),
            "some text",
            SampleRuns.Three,
            "program compare Sample --text 'a b'"
        );

    private static ModelEntry TrainedModel => CommandLine.TrainedRuns.WithBaseline;

    private static void Fail(string warning) => Assert.Fail(warning);
}
