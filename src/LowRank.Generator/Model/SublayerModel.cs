namespace LowRank.Generator.Model;

/// <summary>A sublayer with its sizes inferred and its low rank resolved for every block and linear.</summary>
/// <param name="Property">The property that declares it.</param>
/// <param name="Attention">Its sizes if it is an attention sublayer.</param>
/// <param name="FeedForward">Its options if it is a feed-forward sublayer.</param>
/// <param name="Spans">The blocks that have it, in groups of equal ones.</param>
/// <param name="DenseSpans">The same blocks with every low rank removed.</param>
internal sealed record SublayerModel(
    PropertyShape Property,
    AttentionModel? Attention,
    FeedForwardOptions? FeedForward,
    EquatableArray<BlockSpan> Spans,
    EquatableArray<BlockSpan> DenseSpans
)
{
    /// <summary>How its experts are chosen if it is a mixture of them.</summary>
    public ExpertOptions? Experts { get; init; }

    public string Name => Property.Name;

    /// <summary>The module of the user's own if it is one.</summary>
    public PartOptions? Part { get; init; }

    public string Kind =>
        Attention is not null ? "attention"
        : Part is not null ? "module"
        : "feed-forward";

    /// <summary>Number of blocks that have it.</summary>
    public int Blocks => Spans.Sum(span => span.Count);

    /// <summary>All linears of all spans with the span they stand in.</summary>
    public IEnumerable<(BlockSpan Span, LinearModel Linear)> Linears =>
        Spans.SelectMany(span => span.Linears.Select(linear => (span, linear)));
}
