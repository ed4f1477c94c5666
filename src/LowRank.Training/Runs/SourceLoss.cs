using System.Text.Json.Serialization;

namespace LowRank.Training.Runs;

/// <summary>The loss on one source of a mixture of texts.</summary>
/// <param name="Source">Its path.</param>
/// <param name="Loss">Mean cross-entropy per token, in nats.</param>
/// <param name="Tokens">Tokens that were predicted.</param>
public sealed record SourceLoss(string Source, double Loss, long Tokens)
{
    /// <summary>UTF-8 bytes that a predicted token stands for on average; null in runs of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BytesPerToken { get; init; }

    /// <summary>Bits per byte of text: the loss over ln 2 and <see cref="BytesPerToken"/>; null where that is not known.</summary>
    [JsonIgnore]
    public double? BitsPerByte => Runs.BitsPerByte.Of(Loss, BytesPerToken);
}
