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

    /// <summary>UTF-8 bytes that a predicted token stands for on average; null in runs of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BytesPerToken { get; init; }

    /// <summary>
    /// Bits per byte of text: the loss over ln 2 and <see cref="BytesPerToken"/>, which models with different tokenizers share. Null where
    /// the bytes are not known, or none.
    /// </summary>
    [JsonIgnore]
    public double? BitsPerByte => Runs.BitsPerByte.Of(Loss, BytesPerToken);

    /// <summary>e to the loss.</summary>
    public double Perplexity => Math.Exp(Loss);
}
