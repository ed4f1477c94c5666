using System.Globalization;
using LowRank.Costs;

namespace LowRank.Training.Wording;

/// <summary>The options of factors, as tables name them.</summary>
internal static class FactorWords
{
    /// <summary>"y = U·silu(Vx)", "residual, orthogonal start".</summary>
    public static string Of(FactorCost factors)
    {
        var words = new List<string>();
        if (factors.Activation is { } activation)
            words.Add($"{activation.ToString().ToLowerInvariant()} between the factors");
        if (factors.Residual)
            words.Add("residual");
        words.Add($"{factors.Initialization.ToString().ToLowerInvariant()} start");
        return string.Join(", ", words);
    }

    /// <summary>"every 500 steps", or a dash.</summary>
    public static string Rebalancing(FactorCost factors) =>
        factors.RebalanceEvery == 0
            ? "–"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"every {Quantity.Count(factors.RebalanceEvery)} steps, {Quantity.Flops(factors.RebalanceFlops)} FLOPs"
            );

    /// <summary>"λ 0.01, +1.0e6 FLOPs per step", or a dash.</summary>
    public static string Decay(FactorCost factors) =>
        factors.ProductDecay == 0
            ? "–"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"λ {factors.ProductDecay}, {Quantity.Flops(factors.DecayFlopsPerStep)} FLOPs per step"
            );
}
