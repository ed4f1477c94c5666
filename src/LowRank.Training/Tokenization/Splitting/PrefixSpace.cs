namespace LowRank.Training.Tokenization.Splitting;

/// <summary>Sets a space before a piece that begins with none (<c>add_prefix_space</c>).</summary>
internal sealed class PrefixSpace : SplitStep
{
    public override SplitRunner Start(SplitRunner next) => new Runner(next);

    private sealed class Runner(SplitRunner next) : SplitRunner
    {
        public override void Take(ReadOnlySpan<byte> piece, bool isFirst)
        {
            if (piece[0] == ' ')
                next.Take(piece, isFirst);
            else
                next.Take([(byte)' ', .. piece], isFirst);
        }
    }
}
