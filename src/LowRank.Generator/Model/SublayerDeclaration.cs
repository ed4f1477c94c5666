namespace LowRank.Generator.Model;

/// <summary>One property and the attributes on it, as declared and not yet checked.</summary>
internal sealed record SublayerDeclaration(
    PropertyShape Property,
    AttentionOptions? Attention,
    FeedForwardOptions? FeedForward,
    LowRankOptions? LowRank,
    bool IsDense)
{
    public Target Target => new(Property.Name);
}
