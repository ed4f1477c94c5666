using LowRank.Training.Tokenization.Patterns;

namespace LowRank.Training.Tokenization.Splitting;

/// <summary><c>Split</c>: at the matches of a regular expression, or at all but them.</summary>
internal sealed class PatternSplit(PatternProgram program, DelimiterBehavior behavior, bool inverted) : SplitStep
{
    public override SplitRunner Start(SplitRunner next) => new Runner(program, behavior, inverted, next);

    private sealed class Runner(PatternProgram program, DelimiterBehavior behavior, bool inverted, SplitRunner next) : SplitRunner
    {
        private readonly PatternMatcher matcher = new(program);

        public override void Take(ReadOnlySpan<byte> piece, bool isFirst)
        {
            var pieces = new DelimitedPieces(piece, isFirst, behavior, next);
            var (taken, lastEnd) = (0, -1);
            matcher.Begin(piece.Length);
            while (taken <= piece.Length && matcher.TryFind(piece, Math.Max(taken, lastEnd), lastEnd, out var match))
            {
                if (match.Start > taken)
                    pieces.Add(taken, match.Start, inverted);
                pieces.Add(match.Start, match.End, !inverted);
                (taken, lastEnd) = (match.End, match.End);
            }

            if (taken < piece.Length)
                pieces.Add(taken, piece.Length, inverted);
            pieces.Complete();
        }
    }
}
