namespace LowRank.Generator.Model;

/// <summary>One property and the attributes on it, as declared and not yet checked.</summary>
internal sealed record SublayerDeclaration(
    PropertyShape Property,
    AttentionOptions? Attention,
    FeedForwardOptions? FeedForward,
    EquatableArray<LowRankOptions> LowRanks,
    bool IsDense
)
{
    /// <summary>Every <c>[LoRA]</c> on the property.</summary>
    public EquatableArray<LoraOptions> Loras { get; init; } = EquatableArray<LoraOptions>.Empty;

    public Target Target => new(Property.Name);

    /// <summary>The blocks that have the sublayer, as written.</summary>
    public string? Layers =>
        Attention is not null ? Attention.Layers
        : FeedForward is not null ? FeedForward.Layers
        : "..";
}
