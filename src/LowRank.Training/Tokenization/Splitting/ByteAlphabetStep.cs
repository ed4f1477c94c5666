using System.Text;

namespace LowRank.Training.Tokenization.Splitting;

/// <summary>Writes the bytes of a piece in the byte-level alphabet, for models whose vocabularies are searched as text.</summary>
internal sealed class ByteAlphabetStep : SplitStep
{
    public override SplitRunner Start(SplitRunner next) => new Runner(next);

    private sealed class Runner(SplitRunner next) : SplitRunner
    {
        public override void Take(ReadOnlySpan<byte> piece, bool isFirst) =>
            next.Take(Encoding.UTF8.GetBytes(ByteAlphabet.Write(piece)), isFirst);
    }
}
