namespace LowRank.Training.Generation;

/// <summary>How the next token is chosen from the model's logits.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits before the softmax; 0 always takes the likeliest token.</summary>
    public double Temperature { get; init; } = 0.8;

    /// <summary>Only the so many likeliest tokens can be chosen; 0 sets no limit.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// Only the smallest set of likeliest tokens whose probabilities sum to at least this can be chosen; 1 sets no limit.
    /// </summary>
    public double TopP { get; init; } = 1;

    /// <summary>Seed of the draws: the same seed, model and prompt give the same text.</summary>
    public long Seed { get; init; }
}
