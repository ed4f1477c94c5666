using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>What a declaration says about factors beside rank and guide, in words for the hover.</summary>
internal static class FactorRemarks
{
    /// <summary>The inner size, with the activation that follows it: "16", "SiLU of 16".</summary>
    public static string Inner(LinearModel linear) =>
        linear.LowRank is { Activation: { } activation }
            ? $"{ActivationSource.Name(activation)} of {Literals.Of(linear.Rank)}"
            : Literals.Of(linear.Rank);

    /// <summary>The other options in brackets; nothing where none is set.</summary>
    public static string Options(LinearModel linear)
    {
        if (linear.LowRank is not { HasFactorOptions: true } options)
            return "";
        var words = new List<string>();
        if (options.HasResidual)
            words.Add("residual");
        if (options.Initialization != Initialization.Spectral)
            words.Add($"{options.Initialization.ToString().ToLowerInvariant()} start");
        if (options.RebalanceEvery is { } every)
            words.Add(every == 1 ? "rebalanced every step" : $"rebalanced every {Literals.Readable(every)} steps");
        if (options.ProductDecay is { } decay)
            words.Add($"product decay {Literals.Of(decay)}");
        return words.Count == 0 ? "" : $" ({string.Join(", ", words)})";
    }
}
