using LowRank.Generator.Costs;
using LowRank.Generator.Emission;
using LowRank.Generator.Tests.Golden;

namespace LowRank.Generator.Tests.Costs;

/// <summary>Training totals when the guide is computed through the effective weight (design table of the method).</summary>
public sealed class EffectiveWeightTests
{
    [Theory]
    [InlineData("T-xl LowRank R=1024", Guide.Mixed, "1.8822e20")]
    [InlineData("T-xl LowRank R=512", Guide.Mixed, "1.6971e20")]
    [InlineData("T-xl LowRank R=1024", Guide.Sampled, "1.7709e20")]
    [InlineData("T-xl LowRank R=512", Guide.Sampled, "1.4939e20")]
    [InlineData("T-xl LowRank R=1024", Guide.None, "1.6597e20")]
    public void The_first_half_guided_costs(string run, Guide guide, string expected) =>
        Assert.Equal(expected, Literals.Scientific(Paper(run, guide).Training!.TrainingFlops));

    [Fact]
    public void The_guided_half_costs_what_the_dense_model_costs_plus_the_projection()
    {
        var costs = Paper("T-xl LowRank R=1024", Guide.Mixed);
        var dense = Paper("T-xl dense", Guide.Mixed);
        Assert.Equal(dense.Total.ForwardFlopsPerToken, costs.Total.GuidedForwardFlopsPerToken);
        // 23 blocks, two linears of 2048 × 8192, 6·r·m·n each.
        Assert.Equal(23L * 2 * 6 * 1024 * 2048 * 8192, costs.Total.ProjectionFlopsPerStep);
        const long guided = 24_318;
        const long tokensPerStep = 512 * 1024;
        var expected =
            3m * dense.Total.ForwardFlopsPerToken * guided * tokensPerStep
            + 3m * costs.Total.ForwardFlopsPerToken * (48_637 - guided) * tokensPerStep
            + (decimal)costs.Total.ProjectionFlopsPerStep * guided;
        Assert.Equal(expected, costs.Training!.TrainingFlops);
    }

    [Fact]
    public void The_causal_convention_halves_the_scores()
    {
        var costs = Paper("T-xl dense", Guide.Mixed);
        Assert.Equal(4L * 1024 * 2048 * 24, costs.Total.ScoreFlopsPerToken);
        Assert.Equal(costs.Total.ForwardFlopsPerToken - 2L * 1024 * 2048 * 24, costs.Total.ForwardFlopsPerTokenCausal);
        Assert.Equal(3m * costs.Total.ForwardFlopsPerTokenCausal * 48_637 * 512 * 1024, costs.Training!.TrainingFlopsCausal);
    }

    private static ModelCosts Paper(string run, Guide guide)
    {
        var common = GoldenFile.Read("paper-runs.json").GetProperty("common");
        return ModelCosts.Of(GoldenModels.Paper(common, GoldenFile.Entry("paper-runs.json", "runs", run), guide, phaseOut: 0.5));
    }
}
