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
        var actual =
            run.GetProperty("guided_steps").GetInt64() == 0 ? training.TrainingFlopsWithoutGuide
            : name.Contains("deterministic", StringComparison.Ordinal) ? costs.TwoBranches!.Mixed
            : costs.TwoBranches!.Sampled;
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("T-xl R=512 SGT fixedflop 0.43", "T-xl dense", 0.43)]
    [InlineData("wide-m R=512 SGT fixedflop .40", "T-m GQA", 0.40)]
    [InlineData("wide-l R=768 SGT fixedflop .395", "T-l GQA", 0.395)]
    public void A_run_at_fixed_flops_has_the_steps_of_the_paper(string name, string reference, double fraction)
    {
        var (run, costs) = Costs(name);
        var (dense, denseCosts) = Costs(reference);
        var (steps, guidedSteps) = TwoBranchFormula.Lengthened(dense.GetProperty("steps").GetInt64(), fraction);
        Assert.Equal(run.GetProperty("steps").GetInt64(), steps);
        Assert.Equal(run.GetProperty("guided_steps").GetInt64(), guidedSteps);

        // The fraction is the one that reaches the dense model's FLOPs, rounded by the paper's authors: 0.4316, 0.3923, 0.3958.
        var exact = TwoBranchFormula.LengtheningFor(
            denseCosts.Training!.TrainingFlops,
            costs.Total.ForwardFlopsPerToken,
            costs.Total.GuideParameters,
            share: 0.5m,
            dense.GetProperty("steps").GetInt64(),
            costs.Training!.TokensPerStep
        );
        Assert.InRange(Math.Abs((double)exact - fraction), 0, 0.008);
    }

    private static (JsonElement Run, ModelCosts Costs) Costs(string name)
    {
        var run = GoldenFile.Entry(File, "runs", name);
        // The guided steps as a fraction of all; half a step more keeps their product from falling below the whole number.
        var guidedSteps = run.GetProperty("guided_steps").GetInt64();
        var phaseOut = guidedSteps == 0 ? 0.5 : (guidedSteps + 0.5) / run.GetProperty("steps").GetInt64();
        return (run, ModelCosts.Of(GoldenModels.Paper(GoldenFile.Read(File).GetProperty("common"), run, Guide.Mixed, phaseOut)));
    }
}
