using System.Text.Json.Serialization;

namespace LowRank.Training.Runs;

/// <summary>
/// What a finished run has reached, over more of the validation text than a point of its curve: the final loss, which isn't one of them.
/// </summary>
/// <param name="Step">Steps taken before it: all.</param>
/// <param name="Loss">Mean cross-entropy per token, in nats.</param>
/// <param name="Tokens">Tokens that were predicted.</param>
public sealed record FinalMetrics(long Step, double Loss, long Tokens)
{
    /// <summary>
    /// The loss on each source of a mixture of texts, of which <see cref="Loss"/> is the mean by weight; null where the text is no mixture.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SourceLoss>? Sources { get; init; }

    /// <summary>e to the loss.</summary>
    public double Perplexity => Math.Exp(Loss);
}
