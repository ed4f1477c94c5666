using LowRank.Training.Runs;

namespace LowRank.Training.Evaluation;

/// <summary>The loss on a text's validation split.</summary>
/// <param name="Loss">Mean cross-entropy per token, in nats; of a mixture the mean by weight of its sources' losses.</param>
/// <param name="Tokens">Tokens that were predicted.</param>
/// <param name="BytesPerToken">UTF-8 bytes that each stands for on average; of a mixture the mean by weight.</param>
/// <param name="Sources">The sources of a mixture; null where the text is none.</param>
internal sealed record TextLoss(double Loss, long Tokens, double BytesPerToken, IReadOnlyList<SourceLoss>? Sources)
{
    /// <summary>Bits per byte of text; null where the tokens stand for none.</summary>
    public double? BitsPerByte => Runs.BitsPerByte.Of(Loss, BytesPerToken);
}
