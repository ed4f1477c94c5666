namespace LowRank.Generator.Model;

/// <summary>What <c>[FeedForward]</c> says.</summary>
internal sealed record FeedForwardOptions(int Hidden, Activation Activation, bool Gated, string? Layers = "..");
