namespace LowRank.Training.Tokenization.Splitting;

/// <summary>A pattern that is scanned by hand; all of a text is words.</summary>
internal sealed class WordSplit(SplitPattern pattern) : SplitStep
{
    /// <summary>The pattern.</summary>
    public SplitPattern Pattern => pattern;

    public override SplitRunner Start(SplitRunner next) => new Runner(pattern, next);

    private sealed class Runner(SplitPattern pattern, SplitRunner next) : SplitRunner
    {
        public override void Take(ReadOnlySpan<byte> piece, bool isFirst)
        {
            for (var start = 0; start < piece.Length; )
            {
                var end = pattern.EndOfWord(piece, start);
                next.Take(piece[start..end], isFirst && start == 0);
                start = end;
            }
        }
    }
}
