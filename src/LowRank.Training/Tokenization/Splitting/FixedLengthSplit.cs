using System.Buffers;
using System.Text;

namespace LowRank.Training.Tokenization.Splitting;

/// <summary><c>FixedLength</c>: pieces of so many characters.</summary>
internal sealed class FixedLengthSplit(int length) : SplitStep
{
    public override SplitRunner Start(SplitRunner next) => new Runner(length, next);

    private sealed class Runner(int length, SplitRunner next) : SplitRunner
    {
        public override void Take(ReadOnlySpan<byte> piece, bool isFirst)
        {
            var (start, count) = (0, 0);
            for (var at = 0; at < piece.Length; )
            {
                at += Rune.DecodeFromUtf8(piece[at..], out _, out var bytes) == OperationStatus.Done ? bytes : 1;
                if (++count < length && at < piece.Length)
                    continue;
                next.Take(piece[start..at], isFirst && start == 0);
                (start, count) = (at, 0);
            }
        }
    }
}
