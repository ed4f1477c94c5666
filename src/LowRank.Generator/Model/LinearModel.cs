namespace LowRank.Generator.Model;

/// <summary>One linear layer with its sizes, dense or factored.</summary>
/// <param name="Name">Its role: <c>Query</c>, <c>Key</c>, <c>Value</c>, <c>Output</c>, <c>Gate</c>, <c>Up</c>, <c>Down</c>.</param>
/// <param name="Inputs">Size of what it reads.</param>
/// <param name="Outputs">Size of what it writes.</param>
/// <param name="HasBias">Whether it adds a bias.</param>
/// <param name="LowRank">The declaration that factors it, or null when it is dense.</param>
/// <param name="Lora">The declaration that adapts it, or null when none does.</param>
internal sealed record LinearModel(string Name, int Inputs, int Outputs, bool HasBias, LowRankOptions? LowRank, LoraOptions? Lora = null)
{
    /// <summary>What a name begins with where the linear belongs to the shared experts of a mixture.</summary>
    public const string SharedPrefix = "Shared";

    /// <summary>How many of it a sublayer has: one, or one for each expert of a mixture.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Through how many of them a token passes.</summary>
    public int Active { get; init; } = 1;

    /// <summary>
    /// The rank of its factors: the declared one, or the largest that keeps at most the declared ratio of its weights; 0 when dense.
    /// </summary>
    public int Rank => LowRank is null ? 0 : LowRank.Rank ?? RankWithin(LowRank.Ratio ?? 0);

    // In decimal, so that 0.29 of 100 is 29. A size that is refused, or not yet written, gives no rank.
    private int RankWithin(double ratio) =>
        ratio is > 0 and <= 1 && Inputs > 0 && Outputs > 0 ? (int)((decimal)ratio * Inputs * Outputs / ((decimal)Inputs + Outputs)) : 0;
}
