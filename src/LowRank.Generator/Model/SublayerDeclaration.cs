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
    /// <summary><c>[Part]</c>: a module of the user's own.</summary>
    public PartOptions? Part { get; init; }

    /// <summary>Every <c>[LoRA]</c> on the property.</summary>
    public EquatableArray<LoraOptions> Loras { get; init; } = EquatableArray<LoraOptions>.Empty;

    /// <summary><c>[RotaryScaling]</c> on the property, if any.</summary>
    public RotaryScalingOptions? RotaryScaling { get; init; }

    /// <summary>The attributes that say of which kind it is; one where it is right.</summary>
    public IEnumerable<string> Kinds =>
        new (string Name, object? Options)[] { ("Attention", Attention), ("FeedForward", FeedForward), ("Part", Part) }
            .Where(kind => kind.Options is not null)
            .Select(kind => kind.Name);

    /// <summary>What <c>[Experts]</c> says, if it is there.</summary>
    public ExpertOptions? Experts { get; init; }

    public Target Target => new(Property.Name);

    /// <summary>The blocks that have the sublayer, as written.</summary>
    public string? Layers =>
        Attention is not null ? Attention.Layers
        : FeedForward is not null ? FeedForward.Layers
        : Part is not null ? Part.Layers
        : "..";
}
