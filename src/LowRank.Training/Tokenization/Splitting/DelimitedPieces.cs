using System.Runtime.InteropServices;

namespace LowRank.Training.Tokenization.Splitting;

/// <summary>Makes pieces of matches and what lies between them. Takes a text's parts from left to right, all of it.</summary>
/// <param name="text">The text.</param>
/// <param name="isFirst">Whether it begins the text that is encoded.</param>
/// <param name="behavior">What becomes of matches.</param>
/// <param name="next">Gets the pieces.</param>
[StructLayout(LayoutKind.Auto)]
internal ref struct DelimitedPieces(ReadOnlySpan<byte> text, bool isFirst, DelimiterBehavior behavior, SplitRunner next)
{
    private readonly ReadOnlySpan<byte> text = text;

    /// <summary>The piece that may still grow; empty before the first.</summary>
    private int start;
    private int end;
    private bool any;
    private bool lastIsMatch;

    /// <summary>The next part.</summary>
    public void Add(int from, int to, bool isMatch)
    {
        var grows =
            any
            && behavior switch
            {
                DelimiterBehavior.Contiguous => isMatch == lastIsMatch,
                DelimiterBehavior.MergedWithPrevious => isMatch && !lastIsMatch,
                DelimiterBehavior.MergedWithNext => !isMatch && lastIsMatch,
                _ => false,
            };
        if (!grows)
        {
            Hand();
            start = from;
        }

        (end, any, lastIsMatch) = (to, true, isMatch);
    }

    /// <summary>Hands on what is left.</summary>
    public void Complete() => Hand();

    private readonly void Hand()
    {
        if (any && end > start && !(lastIsMatch && behavior == DelimiterBehavior.Removed))
            next.Take(text[start..end], isFirst && start == 0);
    }
}
