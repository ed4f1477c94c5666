using LowRank.Generator.Costs;
using LowRank.Generator.Model;
using LowRank.Generator.Tests.Golden;

namespace LowRank.Generator.Tests.Costs;

public sealed class BudgetMeasureTests
{
    private const int Sequences = 3;

    private static readonly TransformerModel Paper = GoldenModels.Paper(
        GoldenFile.Read("paper-runs.json").GetProperty("common"),
        GoldenFile.Entry("paper-runs.json", "runs", "T-xl LowRank R=1024"),
        Guide.Mixed,
        phaseOut: 0.5
    );

    [Theory]
    [InlineData("Parameters")]
    [InlineData("ParametersAtStart")]
    [InlineData("ForwardFlopsPerToken")]
    [InlineData("TrainingFlops")]
    [InlineData("DecodeMemory")]
    public void The_shares_of_the_parts_are_the_whole(string name)
    {
        var quantity = Enum.Parse<BudgetQuantity>(name);
        var costs = ModelCosts.Of(Paper);
        var shares = BudgetMeasure.Parts(quantity, Paper, costs, Sequences).ToList();
        Assert.Equal(BudgetMeasure.Of(quantity, costs, Sequences), shares.Sum(share => share.Amount));
        Assert.Equal(shares.OrderByDescending(share => share.Amount), shares);
    }

    [Fact]
    public void The_shares_of_training_memory_leave_out_temporaries_alone()
    {
        var costs = ModelCosts.Of(Paper);
        var shares = BudgetMeasure.Parts(BudgetQuantity.TrainingMemory, Paper, costs, Sequences).Sum(share => share.Amount);
        var peak = costs.Memory.PeakTraining!.Value;
        var working = costs.Memory.FullPrecision.AtEnd;
        var tokens = costs.Memory.TokensPerMicroBatch!.Value;
        Assert.Equal(costs.Memory.StateAtEnd + working.Kept(tokens) + working.Head(tokens), shares);
        Assert.Equal(peak, shares - working.Head(tokens) + Math.Max(working.Head(tokens), working.Backward(tokens)));
    }
}
