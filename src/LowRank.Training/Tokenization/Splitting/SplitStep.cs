namespace LowRank.Training.Tokenization.Splitting;

/// <summary>
/// A step of a pre-tokenizer: it cuts a piece of text, or rewrites it. Safe for threads; what it needs per text is a runner's.
/// </summary>
internal abstract class SplitStep
{
    /// <summary>A runner of the step.</summary>
    /// <param name="next">Gets the pieces, in their order, of which none is empty.</param>
    public abstract SplitRunner Start(SplitRunner next);
}

/// <summary>Takes pieces of text. Not safe for threads.</summary>
internal abstract class SplitRunner
{
    /// <param name="piece">The piece; not empty.</param>
    /// <param name="isFirst">Whether it begins the text that is encoded.</param>
    public abstract void Take(ReadOnlySpan<byte> piece, bool isFirst);
}
