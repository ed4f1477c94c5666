namespace LowRank.Training.Weights;

/// <summary>The weights of a block of one attention and one feed-forward sublayer.</summary>
internal sealed record BlockWeights
{
    public required LinearWeights AttentionNorm { get; init; }

    public required LinearWeights Query { get; init; }

    public required LinearWeights Key { get; init; }

    public required LinearWeights Value { get; init; }

    public required LinearWeights Output { get; init; }

    public ModelWeight? QueryNorm { get; init; }

    public ModelWeight? KeyNorm { get; init; }

    public required LinearWeights FeedForwardNorm { get; init; }

    public LinearWeights? Gate { get; init; }

    public required LinearWeights Up { get; init; }

    public required LinearWeights Down { get; init; }

    /// <summary>Those that are there.</summary>
    public IEnumerable<ModelWeight> All =>
        new[] { AttentionNorm, Query, Key, Value, Output, FeedForwardNorm, Gate, Up, Down }
            .SelectMany(linear => new[] { linear?.Weight, linear?.Bias })
            .Concat([QueryNorm, KeyNorm])
            .OfType<ModelWeight>();
}
