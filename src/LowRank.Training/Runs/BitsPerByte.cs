namespace LowRank.Training.Runs;

/// <summary>
/// The loss per byte of text, which models with different tokenizers share: nats per token over ln 2 and bytes per token.
/// </summary>
internal static class BitsPerByte
{
    /// <summary>The bits per byte; null where the bytes are not known, or none.</summary>
    /// <param name="loss">Mean cross-entropy per token, in nats.</param>
    /// <param name="bytesPerToken">UTF-8 bytes that a predicted token stands for on average; null where nobody knows.</param>
    public static double? Of(double loss, double? bytesPerToken) => bytesPerToken is > 0 ? loss / (Math.Log(2) * bytesPerToken) : null;
}
