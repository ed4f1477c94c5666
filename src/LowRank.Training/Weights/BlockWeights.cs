namespace LowRank.Training.Weights;

/// <summary>The weights of a block of one attention and one feed-forward sublayer.</summary>
internal sealed record BlockWeights
{
    /// <summary>The norm before the attention, or null.</summary>
    public LinearWeights? AttentionNorm { get; init; }

    /// <summary>The norm after the attention, or null.</summary>
    public LinearWeights? AttentionPostNorm { get; init; }

    public required LinearWeights Query { get; init; }

    public required LinearWeights Key { get; init; }

    public required LinearWeights Value { get; init; }

    public required LinearWeights Output { get; init; }

    /// <summary>The way to the queries' latents, of latent attention.</summary>
    public LinearWeights? QueryDown { get; init; }

    /// <summary>The way to the latents of keys and values, of latent attention.</summary>
    public LinearWeights? KeyValueDown { get; init; }

    /// <summary>The norm of the latents of keys and values.</summary>
    public ModelWeight? KeyValueNorm { get; init; }

    /// <summary>The norm of the query heads, or of the queries' latents.</summary>
    public ModelWeight? QueryNorm { get; init; }

    public ModelWeight? KeyNorm { get; init; }

    /// <summary>The norm before the feed-forward, or null.</summary>
    public LinearWeights? FeedForwardNorm { get; init; }

    /// <summary>The norm after the feed-forward, or null.</summary>
    public LinearWeights? FeedForwardPostNorm { get; init; }

    /// <summary>The dense feed-forward, or null where the block has a mixture.</summary>
    public FeedForwardWeights? Dense { get; init; }

    /// <summary>The mixture of experts, or null where the feed-forward is dense.</summary>
    public MixtureWeights? Mixture { get; init; }

    /// <summary>Those that are there.</summary>
    public IEnumerable<ModelWeight> All =>
        new[] { AttentionNorm, QueryDown, Query, KeyValueDown, Key, Value, Output, AttentionPostNorm, FeedForwardNorm, FeedForwardPostNorm }
            .SelectMany(linear => new[] { linear?.Weight, linear?.Bias })
            .Concat([QueryNorm, KeyNorm, KeyValueNorm])
            .Concat(Dense?.All ?? [])
            .Concat(Mixture?.All ?? [])
            .OfType<ModelWeight>();
}
