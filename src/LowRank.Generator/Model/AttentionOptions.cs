namespace LowRank.Generator.Model;

/// <summary>What <c>[Attention]</c> says; null where it leaves a size to be inferred.</summary>
internal sealed record AttentionOptions(
    int Heads,
    int? KeyValueHeads,
    int? HeadSize,
    bool QueryKeyNorm,
    int? Window = null,
    string? Layers = ".."
);
