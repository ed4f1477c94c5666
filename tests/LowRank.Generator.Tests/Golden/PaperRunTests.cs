using System.Globalization;
using System.Text.Json;
using LowRank.Costs;
using LowRank.Generator.Costs;

namespace LowRank.Generator.Tests.Golden;

/// <summary>All runs of Wei et al. (2024), in their own accounting: guided runs are charged for two branches.</summary>
public sealed class PaperRunTests
{
    private const string File = "paper-runs.json";

    public static TheoryData<string> Runs => GoldenFile.Names(File, "runs");

    [Theory]
    [MemberData(nameof(Runs))]
    public void Parameters_are_those_of_the_paper(string name)
    {
        var (run, costs) = Costs(name);
        Assert.Equal(run.GetProperty("params_total").GetInt64(), costs.Total.Parameters);
        Assert.Equal(run.GetProperty("guide_params").GetInt64(), costs.Total.GuideParameters);
        Assert.Equal(run.GetProperty("params_embed").GetInt64(), costs.Parts.Single(part => part.Name == "Embedding").Parameters);
        var weights = run.GetProperty("params_attn").GetInt64() + run.GetProperty("params_ffn").GetInt64();
        var biasesAndNorms = run.GetProperty("params_bias").GetInt64() + run.GetProperty("params_norm").GetInt64();
        Assert.Equal(weights + biasesAndNorms, costs.Total.Parameters - costs.Parts.Single(part => part.Name == "Embedding").Parameters);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Forward_flops_are_those_of_the_paper(string name)
    {
        var (run, costs) = Costs(name);
        Assert.Equal(run.GetProperty("fwd_flops_per_token").GetInt64(), costs.Total.ForwardFlopsPerToken);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Training_flops_are_those_of_the_paper(string name)
    {
        var (run, costs) = Costs(name);
        var training = costs.Training!;
        Assert.Equal(run.GetProperty("steps").GetInt64(), training.Steps);
        var expected = decimal.Parse(run.GetProperty("train_flops").GetString()!, CultureInfo.InvariantCulture);
        Assert.Equal(expected, training.TrainingFlopsWithoutGuide + TwoBranchGuide(run, costs));
    }

    // Each guided step computes W beside the factors; the cheaper variant is charged for half of the steps.
    private static decimal TwoBranchGuide(JsonElement run, ModelCosts costs)
    {
        var guidedSteps = run.GetProperty("guided_steps").GetInt64();
        var branch = TrainingFlopFormula.WithoutGuide(2m * costs.Total.GuideParameters, guidedSteps, costs.Training!.TokensPerStep);
        var isExactMix = run.GetProperty("name").GetString()!.Contains("deterministic", StringComparison.Ordinal);
        return isExactMix ? branch : branch / 2;
    }

    private static (JsonElement Run, ModelCosts Costs) Costs(string name)
    {
        var run = GoldenFile.Entry(File, "runs", name);
        return (run, ModelCosts.Of(GoldenModels.Paper(GoldenFile.Read(File).GetProperty("common"), run, Guide.Mixed, phaseOut: 0.5)));
    }
}
