namespace LowRank.Training.Weights;

/// <summary>The weights of a feed-forward layer: a dense one, or an expert.</summary>
/// <param name="Gate">Width to hidden, or null.</param>
/// <param name="Up">Width to hidden.</param>
/// <param name="Down">Hidden to width.</param>
internal sealed record FeedForwardWeights(LinearWeights? Gate, LinearWeights Up, LinearWeights Down)
{
    /// <summary>Those that are there.</summary>
    public IEnumerable<ModelWeight> All =>
        new[] { Gate, Up, Down }.SelectMany(linear => new[] { linear?.Weight, linear?.Bias }).OfType<ModelWeight>();
}
