using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>What a rank buys on one factored linear, once the guide is gone. The bias stays as it is and is left out.</summary>
/// <param name="Kept">Share of the weights that the factors keep.</param>
/// <param name="Weights">Weights of the layer that they replace.</param>
/// <param name="FlopsSavedPerToken">Forward FLOPs per token that they save.</param>
/// <param name="BreakEven">The rank from which they save nothing.</param>
internal sealed record RankPrice(double Kept, long Weights, long FlopsSavedPerToken, double BreakEven)
{
    /// <summary>Forward FLOPs per token that the rank saves, in floating point: a rank that is refused may be too large for sums.</summary>
    public static double FlopsSaved(LinearModel linear) =>
        2 * ((double)linear.Inputs * linear.Outputs - linear.Rank * ((double)linear.Inputs + linear.Outputs));

    public static RankPrice Of(LinearModel linear)
    {
        // Without the guide, whose projection may overflow where the price itself doesn't: the model is refused then, and still noted.
        var factored = LinearCost.Of(linear with { HasBias = false, LowRank = linear.LowRank! with { Guide = Guide.None } });
        var dense = LinearCost.Of(linear with { HasBias = false, LowRank = null });
        return new(
            (double)factored.Parameters / dense.Parameters,
            dense.Parameters,
            dense.ForwardFlopsPerToken - factored.ForwardFlopsPerToken,
            LinearCost.BreakEvenRank(linear)
        );
    }
}
