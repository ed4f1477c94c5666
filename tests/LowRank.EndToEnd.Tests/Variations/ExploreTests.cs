using System.Text.Json;
using LowRank.EndToEnd.Tests.Experiments;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Experiments;

namespace LowRank.EndToEnd.Tests.Variations;

public sealed class ExploreTests
{
    private static readonly string[] Ranges = ["rank=8..32:8", "hidden=128,256", "heads=4,5"];

    [Fact]
    public async Task Every_combination_is_worked_out_with_the_costs_that_describe_states()
    {
        var points = await Explore("BudgetedDeclared", Ranges);
        Assert.Equal(1 + 4 * 2 * 2, points.Count);
        Assert.Equal("", points[0].GetProperty("changes").GetString());
        Assert.Equal(BudgetedDeclared.Cost.Parameters, points[0].GetProperty("parameters").GetInt64());
        Assert.Equal(points.Count, points.Select(point => point.GetProperty("changes").GetString()).Distinct().Count());
        foreach (var point in points.Where(point => !point.GetProperty("refused").GetBoolean()).Take(4))
        {
            using var described = JsonDocument.Parse(await Succeed("describe", point.GetProperty("model").GetString()!, "--json"));
            var root = described.RootElement;
            Assert.Equal(root.GetProperty("parameters").GetInt64(), point.GetProperty("parameters").GetInt64());
            Assert.Equal(root.GetProperty("forwardFlopsPerToken").GetInt64(), point.GetProperty("forwardFlopsPerToken").GetInt64());
            Assert.Equal(
                root.GetProperty("trainingFlops").GetProperty("paper").GetProperty("guided").GetDecimal(),
                point.GetProperty("trainingFlops").GetDecimal()
            );
        }
    }

    [Fact]
    public async Task What_the_compiler_would_refuse_is_shown_with_its_reason_and_what_exceeds_the_budget_is_marked()
    {
        var points = await Explore("BudgetedDeclared", Ranges);
        foreach (var point in points.Skip(1))
        {
            var refused = point.GetProperty("changes").GetString()!.Contains("heads=5", StringComparison.Ordinal);
            Assert.Equal(refused, point.GetProperty("refused").GetBoolean());
            if (refused)
            {
                Assert.StartsWith("LRK0202: ", point.GetProperty("remarks")[0].GetString(), StringComparison.Ordinal);
                continue;
            }

            var fits = point.GetProperty("parameters").GetInt64() <= 150_000;
            Assert.Equal(fits, point.GetProperty("fitsBudget").GetBoolean());
            Assert.Equal(fits ? 0 : 1, point.GetProperty("exceeded").GetArrayLength());
        }

        Assert.Contains(points.Skip(1), point => point.TryGetProperty("fitsBudget", out var fits) && fits.GetBoolean());
        Assert.Contains(points.Skip(1), point => point.TryGetProperty("fitsBudget", out var fits) && !fits.GetBoolean());
    }

    [Fact]
    public async Task A_pareto_point_is_one_that_no_other_beats()
    {
        var sound = (await Explore("BudgetedDeclared", "rank=4..40:4", "hidden=64..256:64", "depth=2,3"))
            .Where(point =>
                !point.GetProperty("refused").GetBoolean()
                && point.GetProperty("fitsBudget").GetBoolean()
                && point.GetProperty("remarks").GetArrayLength() == 0
            )
            .Select(point =>
                (
                    Parameters: point.GetProperty("parameters").GetInt64(),
                    Flops: point.GetProperty("trainingFlops").GetDecimal(),
                    IsPareto: point.GetProperty("pareto").GetBoolean()
                )
            )
            .ToList();
        Assert.Contains(sound, point => point.IsPareto);
        Assert.Contains(sound, point => !point.IsPareto);
        foreach (var point in sound)
        {
            var isBeaten = sound.Exists(other =>
                (other.Parameters > point.Parameters && other.Flops <= point.Flops)
                || (other.Parameters >= point.Parameters && other.Flops < point.Flops)
            );
            Assert.Equal(!isBeaten, point.IsPareto);
        }
    }

    [Fact]
    public async Task Perplexity_is_shown_where_an_experiment_has_stored_one()
    {
        using var folder = new WorkFolder();
        var path = folder.Under("ranks.json");
        await File.WriteAllTextAsync(
            path,
            $$"""
            {
              "name": "ranks", "output": {{JsonSerializer.Serialize(folder.Under("out"))}}, "seeds": [1, 2],
              "common": { "text": [{{JsonSerializer.Serialize(folder.Text)}}], "steps": 4, "sequencesPerStep": 2 },
              "contenders": [
                { "name": "declared", "model": "BudgetedDeclared" },
                { "name": "ranks", "model": "BudgetedDeclared", "vary": { "rank": [8, 24] } }
              ],
              "baseline": "declared"
            }
            """,
            TestContext.Current.CancellationToken
        );
        var file = ExperimentFile.Read(path);
        Assert.Equal(["declared", "ranks.rank-8", "ranks.rank-24"], file.Contenders.Select(contender => contender.Name));
        var matrix = new ExperimentMatrix(file);
        matrix.Check();
        var store = new RunStore(file.Output);
        foreach (var (contender, perplexity) in file.Contenders.Zip([20.0, 30, 18]))
        {
            foreach (var plan in matrix.Final(contender, null))
                store.Write(SyntheticRuns.Finished(plan, perplexity + plan.Options.Seed, seconds: 1, flops: 1e9m));
        }

        var points = await Explore("BudgetedDeclared", "rank=8..24:8", "--experiment", path);
        Assert.Equal(
            [21.5, 31.5, 21.5, 19.5],
            points.Select(point => Math.Round(point.GetProperty("perplexity").GetProperty("mean").GetDouble(), 9))
        );
        Assert.All(points, point => Assert.Equal(2, point.GetProperty("perplexity").GetProperty("seeds").GetInt32()));
        Assert.Equal("declared", points[2].GetProperty("perplexity").GetProperty("contender").GetString());
        // Of what fits the budget: rank 16, as declared, is beaten by no cheaper one.
        Assert.True(points[1].GetProperty("paretoMeasured").GetBoolean());
        Assert.True(points[2].GetProperty("paretoMeasured").GetBoolean());
    }

    [Fact]
    public async Task The_page_has_charts_and_every_point()
    {
        using var folder = new WorkFolder();
        var path = folder.Under("page.html");
        await Succeed("explore", "BudgetedDeclared", "rank=24", "--html", path);
        // An earlier page is replaced.
        await Succeed("explore", "BudgetedDeclared", "rank=8,16", "--html", path);
        var page = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains("<th scope=\"row\"><span>rank=8</span>", page, StringComparison.Ordinal);
        Assert.Contains("data:image/svg+xml;base64,", page, StringComparison.Ordinal);
        Assert.Contains("explore BudgetedDeclared rank=8,16", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_somebody_elses_is_not_overwritten_by_a_page()
    {
        using var folder = new WorkFolder();
        var path = folder.Under("Model.cs");
        await File.WriteAllTextAsync(path, "public class Model;", TestContext.Current.CancellationToken);
        var (code, _, error) = await InProcess.Run("explore", "BudgetedDeclared", "rank=8", "--html", path);
        Assert.Equal(2, code);
        Assert.Contains("is there already and no page of an exploration", error, StringComparison.Ordinal);
        Assert.Equal("public class Model;", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        (code, _, error) = await InProcess.Run("explore", "BudgetedDeclared", "rank=8", "--html", folder.Path);
        Assert.Equal(2, code);
        Assert.Contains("is a folder; give it a file", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_low_rank_of_the_class_goes_where_every_sublayer_has_its_own()
    {
        var points = await Explore("BudgetedDeclared", "attention.rank=8,16", "FEEDFORWARD.rank=24");
        Assert.Equal(
            ["", "Attention.rank=8,FeedForward.rank=24", "Attention.rank=16,FeedForward.rank=24"],
            points.Select(point => point.GetProperty("changes").GetString())
        );
        Assert.All(points, point => Assert.False(point.GetProperty("refused").GetBoolean()));
    }

    [Fact]
    public async Task Results_that_are_of_no_design_shown_are_said_to_be()
    {
        using var folder = new WorkFolder();
        var file = ExperimentFile.Parse(
            folder.Under("file.json"),
            Text("\"variant\": \"lowrank\"").Replace("\"out\"", JsonSerializer.Serialize(folder.Under("out")), StringComparison.Ordinal)
        );
        foreach (var plan in new ExperimentMatrix(file).Final(file.Contenders[1], null))
            new RunStore(file.Output).Write(SyntheticRuns.Finished(plan, 20, seconds: 1, flops: 1e9m));
        var (code, _, error) = await InProcess.Run("explore", "BudgetedDeclared", "rank=8", "--experiment", folder.Under("out"));
        Assert.Equal(0, code);
        Assert.Contains(
            "Note: what --experiment has measured (1 design) is of none of these, each trained as guided.",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_ranges_ranks_up_to_the_largest_that_saves_are_looked_at()
    {
        var points = await Explore("BudgetedDeclared");
        var ranks = points.Skip(1).Select(point => point.GetProperty("values").GetProperty("rank").GetInt32()).ToList();
        Assert.Equal(ranks.Order(), ranks);
        // 64 · 64 weights break even at 32.
        Assert.Equal(24, ranks[^1]);
        Assert.All(points.Skip(1), point => Assert.Equal(0, point.GetProperty("remarks").GetArrayLength()));
    }

    [Theory]
    [InlineData("'rank' is no range", "rank")]
    [InlineData("'rang' can't be varied; did you mean rank", "rang=3")]
    [InlineData("rank is given twice", "rank=3", "rank=4")]
    [InlineData("rank=9..3 runs backwards", "rank=9..3")]
    [InlineData("width=32..64 has no step; write for example width=32..64:8", "width=32..64")]
    [InlineData("width=32..64:0 goes by '0', which is no step above 0", "width=32..64:0")]
    [InlineData("width=32..64:1.5 goes by '1.5'", "width=32..64:1.5")]
    [InlineData("width=32..64*1 multiplies by '1', which is no number above 1", "width=32..64*1")]
    [InlineData("width=0..64*2 multiplies, which needs a first value above 0", "width=0..64*2")]
    [InlineData("rank=1..9999:1 has more than 1000 values", "rank=1..9999:1")]
    [InlineData("1,000,000 combinations", "width=1..1000:1", "depth=1..1000:1")]
    [InlineData("BudgetedDeclared.Attention has no hidden", "Attention.hidden=3")]
    [InlineData("holds no results of an experiment", "rank=8", "--experiment", "nowhere")]
    public async Task Wrong_ranges_are_refused(string reason, params string[] arguments)
    {
        var (code, output, error) = await InProcess.Run(["explore", "BudgetedDeclared", .. arguments]);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rank=8..64*2", "8 16 32 64")]
    [InlineData("rank=40..70", "48 64")]
    [InlineData("rank=16,8,16", "16 8")]
    [InlineData("ratio=0.1..0.3:0.1", "0.1 0.2 0.3")]
    public async Task Ranges_are_what_they_say(string range, string values)
    {
        var name = range[..range.IndexOf('=', StringComparison.Ordinal)];
        var points = await Explore("BudgetedDeclared", range);
        Assert.Equal(values, string.Join(' ', points.Skip(1).Select(point => point.GetProperty("values").GetProperty(name).GetRawText())));
    }

    [Fact]
    public void An_experiment_varies_a_model_as_data()
    {
        var file = ExperimentFile.Parse("file.json", Text("\"vary\": { \"rank\": [8, 24], \"FeedForward.hidden\": \"128..256:128\" }"));
        Assert.Equal(
            [
                "ranks.rank-8.FeedForward.hidden-128",
                "ranks.rank-8.FeedForward.hidden-256",
                "ranks.rank-24.FeedForward.hidden-128",
                "ranks.rank-24.FeedForward.hidden-256",
            ],
            file.Contenders.Skip(1).Select(contender => contender.Name)
        );
        Assert.Equal("BudgetedDeclared@rank=24,FeedForward.hidden=256", file.Contenders[^1].Model);
        new ExperimentMatrix(file).Check();
    }

    [Theory]
    [InlineData("\"vary\": { \"rank\": [8.5] }", "rank=8.5 is no whole number")]
    [InlineData("\"vary\": { \"rang\": 8 }", "did you mean rank")]
    [InlineData("\"vary\": { }", "varies nothing")]
    [InlineData("\"vary\": 8", "must be an object of quantities and their values")]
    [InlineData("\"vary\": { \"rank\": true }", "must be")]
    [InlineData("\"vary\": { \"rank\": \"1..300:1\" }", "makes more than 200 contenders")]
    public void An_experiment_that_varies_wrongly_is_refused(string vary, string reason)
    {
        var refused = Assert.ThrowsAny<LowRank.Training.InputException>(() => ExperimentFile.Parse("file.json", Text(vary)));
        Assert.StartsWith("file.json: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("contenders[1].vary", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private static string Text(string vary) =>
        $$"""
            {
              "name": "ranks", "output": "out", "seeds": [1], "common": { "text": ["."], "steps": 4, "sequencesPerStep": 2 },
              "contenders": [{ "name": "declared", "model": "BudgetedDeclared" }, { "name": "ranks", "model": "BudgetedDeclared", {{vary}} }],
              "baseline": "declared"
            }
            """;

    private static async Task<IReadOnlyList<JsonElement>> Explore(string model, params string[] arguments)
    {
        using var document = JsonDocument.Parse(await Succeed(["explore", model, .. arguments, "--json"]));
        return [.. document.RootElement.GetProperty("points").EnumerateArray().Select(point => point.Clone())];
    }

    private static async Task<string> Succeed(params string[] arguments)
    {
        var (code, output, error) = await InProcess.Run(arguments);
        Assert.True(code == 0, error);
        return output;
    }
}
