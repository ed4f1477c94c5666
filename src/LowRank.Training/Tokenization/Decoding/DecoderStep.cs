namespace LowRank.Training.Tokenization.Decoding;

/// <summary>
/// A step from tokens to text, which takes them one by one and hands on what is certain. What it yields does not depend on how far apart
/// they come. Not safe for threads.
/// </summary>
internal abstract class DecoderStep
{
    /// <summary>A token as the step before wrote it: UTF-8, and behind a byte-level step any bytes.</summary>
    public abstract void Take(ReadOnlySpan<byte> token);

    /// <summary>There are no more; afterwards the step is as it was at the beginning.</summary>
    public abstract void Complete();
}
