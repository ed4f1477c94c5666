namespace LowRank.Generator.Model;

/// <summary>What <c>[FeedForward]</c> says.</summary>
internal sealed record FeedForwardOptions(int Hidden, Activation Activation, bool Gated, string? Layers = "..")
{
    /// <summary>The projections that add a bias; null where they are the transformer's.</summary>
    public Projections? Bias { get; init; }
}
