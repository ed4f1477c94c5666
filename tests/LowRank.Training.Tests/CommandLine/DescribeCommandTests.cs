using System.Text.Json;

namespace LowRank.Training.Tests.CommandLine;

public sealed class DescribeCommandTests
{
    public DescribeCommandTests()
    {
        ModelCatalog.Register(PaperModel.Entry);
        ModelCatalog.Register(PaperModel.WithoutRun);
        ModelCatalog.Register(PaperModel.WithFactorOptions);
    }

    [Fact]
    public async Task The_options_of_factors_are_told_with_their_cost()
    {
        var (code, table, _) = await App.Run(["describe", "FactorOptions"]);
        Assert.Equal(0, code);
        Assert.All(
            ["silu between the factors", "residual, orthogonal start", "every 500 steps", "λ 0.01"],
            words =>
                Assert.Contains(
                    words,
                    string.Join(' ', table.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
                    StringComparison.Ordinal
                )
        );

        // The model has no guide, so none is spoken of.
        Assert.DoesNotContain("guide", table, StringComparison.Ordinal);
        Assert.Contains("training FLOPs (paper convention)", table, StringComparison.Ordinal);

        (_, var output, _) = await App.Run(["describe", "FactorOptions", "--json"]);
        using var document = JsonDocument.Parse(output);
        var factors = document.RootElement.GetProperty("factors");
        Assert.Equal(
            ("Silu", false, "Gaussian"),
            (
                factors[0].GetProperty("activation").GetString(),
                factors[0].GetProperty("residual").GetBoolean(),
                factors[0].GetProperty("initialization").GetString()
            )
        );
        Assert.Equal(JsonValueKind.Null, factors[1].GetProperty("activation").ValueKind);
        Assert.Equal(
            (500, 1_000_000, 0.01, 2_000_000),
            (
                factors[1].GetProperty("rebalanceEvery").GetInt32(),
                factors[1].GetProperty("rebalanceFlops").GetInt32(),
                factors[1].GetProperty("productDecay").GetDouble(),
                factors[1].GetProperty("decayFlopsPerStep").GetInt32()
            )
        );
        // 48,637 steps: the decay in each, a rebalancing after every 500th.
        var paper = document.RootElement.GetProperty("trainingFlops").GetProperty("paper");
        var expected = 165_965_705_139_078_561_792m + 48_637m * 2_000_000 + 97m * 1_000_000;
        Assert.Equal(expected.ToString(System.Globalization.CultureInfo.InvariantCulture), paper.GetProperty("lowRank").GetRawText());
    }

    [Fact]
    public async Task The_document_has_the_papers_numbers()
    {
        var (code, output, error) = await App.Run(["describe", "paperxl", "--json"]);
        Assert.Equal((0, ""), (code, error));
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Equal("PaperXl", root.GetProperty("model").GetString());
        Assert.Equal(984_731_648, root.GetProperty("parameters").GetInt64());
        Assert.Equal(984_731_648 + 771_751_936, root.GetProperty("parametersAtStart").GetInt64());
        Assert.Equal(2_169_503_744, root.GetProperty("forwardFlopsPerToken").GetInt64());
        Assert.Equal(1_274_138_624, root.GetProperty("dense").GetProperty("parameters").GetInt64());
        Assert.Equal(2_748_317_696, root.GetProperty("dense").GetProperty("forwardFlopsPerToken").GetInt64());
        var paper = root.GetProperty("trainingFlops").GetProperty("paper");
        Assert.Equal("210244617288315568128", paper.GetProperty("dense").GetRawText());
        Assert.Equal("165965705139078561792", paper.GetProperty("lowRank").GetRawText());
        // Guided over the first half through the effective weight: 1.8822e20, 10.5 % below dense.
        Assert.StartsWith("1882", paper.GetProperty("guided").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(21, paper.GetProperty("guided").GetRawText().Length);
        var twoBranches = root.GetProperty("twoBranches");
        Assert.Equal("225003040810557505536", twoBranches.GetProperty("mixed").GetRawText());
        Assert.Equal("195484372974818033664", twoBranches.GetProperty("sampled").GetRawText());
        // 16 bytes for each parameter, 20 for each of a guide.
        Assert.Equal(16 * 984_731_648L + 20 * 771_751_936L, root.GetProperty("memoryBytes").GetProperty("atStart").GetInt64());
        // Half of the scores, 4·1024·2048 in each of 24 blocks, are masked.
        var causal = root.GetProperty("trainingFlops").GetProperty("causal");
        Assert.Equal("202543936914535219200", causal.GetProperty("dense").GetRawText());
    }

    [Fact]
    public async Task The_parts_of_the_document_add_up()
    {
        var (_, output, _) = await App.Run(["describe", "PaperXl", "--json"]);
        using var document = JsonDocument.Parse(output);
        var parts = document.RootElement.GetProperty("sublayers").EnumerateArray().ToArray();
        Assert.Equal(984_731_648, parts.Sum(part => part.GetProperty("parameters").GetInt64() * part.GetProperty("count").GetInt64()));
        Assert.Equal(
            2_169_503_744,
            parts.Sum(part => part.GetProperty("forwardFlopsPerToken").GetInt64() * part.GetProperty("count").GetInt64())
        );
        Assert.Equal(
            [
                "name",
                "kind",
                "firstBlock",
                "blockStride",
                "count",
                "rank",
                "parameters",
                "guideParameters",
                "activeParameters",
                "activeGuideParameters",
                "forwardFlopsPerToken",
                "scoreFlopsPerToken",
                "guidedForwardFlopsPerToken",
                "projectionFlopsPerStep",
                "shareOfParameters",
                "shareOfFlops",
                "weights",
                "activationBytesPerToken",
                "unknown",
            ],
            parts[0].EnumerateObject().Select(member => member.Name)
        );
    }

    [Fact]
    public async Task Without_a_declared_run_there_are_no_totals()
    {
        var (code, output, _) = await App.Run(["describe", "NoRun", "--json"]);
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("trainingFlops").ValueKind);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("dense").ValueKind);
    }

    [Fact]
    public async Task The_table_names_the_convention_beside_every_number()
    {
        var (code, output, error) = await App.Run(["describe", "PaperXl"]);
        Assert.Equal((0, ""), (code, error));
        foreach (
            var text in new[]
            {
                "984,731,648",
                "1,274,138,624",
                "0.773×",
                "2.10e20",
                "1.66e20",
                "1.88e20",
                "paper convention",
                "causal convention",
                "1–23",
                "+13.4 %",
                "29.0 GiB",
                "2.25e20",
                "1.95e20",
            }
        )
            Assert.Contains(text, output, StringComparison.Ordinal);
        foreach (var line in output.Split('\n').Where(line => line.Contains("FLOPs,", StringComparison.Ordinal)))
            Assert.Contains("convention", line, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_shows_the_models_as_a_table_and_as_a_document()
    {
        var (code, output, error) = await App.Run(["list"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("PaperXl", output, StringComparison.Ordinal);
        (_, output, _) = await App.Run(["list", "--json"]);
        using var document = JsonDocument.Parse(output);
        var model = document
            .RootElement.GetProperty("models")
            .EnumerateArray()
            .Single(entry => entry.GetProperty("model").GetString() == "PaperXl");
        Assert.Equal(984_731_648, model.GetProperty("parameters").GetInt64());
        Assert.Equal(["dense", "lowrank", "guided"], model.GetProperty("variants").EnumerateArray().Select(variant => variant.GetString()));
    }
}
