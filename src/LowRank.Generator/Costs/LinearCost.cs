using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>What one linear layer costs. FLOPs count a multiply-add as 2 and leave the bias out.</summary>
/// <param name="Parameters">Parameters without the guide, the bias included.</param>
/// <param name="GuideParameters">Parameters of the guide.</param>
/// <param name="ForwardFlopsPerToken">Forward FLOPs per token once the guide is gone.</param>
/// <param name="GuidedForwardFlopsPerToken">Forward FLOPs per token through the effective weight.</param>
/// <param name="ProjectionFlopsPerStep">Forming the effective weight and projecting its gradient, once per optimizer step.</param>
internal sealed record LinearCost(
    long Parameters,
    long GuideParameters,
    long ForwardFlopsPerToken,
    long GuidedForwardFlopsPerToken,
    long ProjectionFlopsPerStep
)
{
    public static LinearCost Of(LinearModel linear)
    {
        checked
        {
            long inputs = linear.Inputs;
            long outputs = linear.Outputs;
            var full = inputs * outputs;
            var bias = linear.HasBias ? outputs : 0;
            if (linear.LowRank is not { } lowRank)
                return new(full + bias, 0, 2 * full, 2 * full, 0);
            var factors = (long)linear.Rank * (inputs + outputs);
            return lowRank.HasGuide
                ? new(factors + bias, full, 2 * factors, 2 * full, 6L * linear.Rank * full)
                : new(factors + bias, 0, 2 * factors, 2 * factors, 0);
        }
    }

    /// <summary>
    /// All of the linears that a model describes at once: the parameters and what is done once a step are those of every copy, the FLOPs
    /// per token those of the active ones.
    /// </summary>
    public static LinearCost OfAll(LinearModel linear)
    {
        var one = Of(linear);
        checked
        {
            return new(
                linear.Copies * one.Parameters,
                linear.Copies * one.GuideParameters,
                linear.Active * one.ForwardFlopsPerToken,
                linear.Active * one.GuidedForwardFlopsPerToken,
                linear.Copies * one.ProjectionFlopsPerStep
            );
        }
    }

    /// <summary>The rank from which factors cost as much as the layer they replace: m·n/(m+n).</summary>
    public static double BreakEvenRank(LinearModel linear) =>
        (double)linear.Inputs * linear.Outputs / ((double)linear.Inputs + linear.Outputs);

    /// <summary>Whether the factors save nothing, decided in whole numbers.</summary>
    public static bool ReachesBreakEven(LinearModel linear, int rank) =>
        (decimal)rank * ((decimal)linear.Inputs + linear.Outputs) >= (decimal)linear.Inputs * linear.Outputs;
}
