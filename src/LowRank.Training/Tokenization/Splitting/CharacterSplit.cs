using System.Buffers;
using System.Globalization;
using System.Text;
using LowRank.Training.Tokenization.Patterns;

namespace LowRank.Training.Tokenization.Splitting;

/// <summary>Splits at characters of a set: <c>Digits</c>, <c>Punctuation</c>, <c>WhitespaceSplit</c>, <c>CharDelimiterSplit</c>.</summary>
internal sealed class CharacterSplit(CharacterSet set, DelimiterBehavior behavior) : SplitStep
{
    /// <summary>What counts as a digit: numbers of every kind.</summary>
    public static CharacterSet Numbers { get; } =
        CharacterSet.Category(UnicodeCategory.DecimalDigitNumber, UnicodeCategory.LetterNumber, UnicodeCategory.OtherNumber);

    /// <summary>What counts as punctuation: Unicode's, and all signs of ASCII.</summary>
    public static CharacterSet Punctuation { get; } =
        CharacterSet.Union([
            CharacterSet.Of([('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
            CharacterSet.Category(
                UnicodeCategory.ConnectorPunctuation,
                UnicodeCategory.DashPunctuation,
                UnicodeCategory.OpenPunctuation,
                UnicodeCategory.ClosePunctuation,
                UnicodeCategory.InitialQuotePunctuation,
                UnicodeCategory.FinalQuotePunctuation,
                UnicodeCategory.OtherPunctuation
            ),
        ]);

    public override SplitRunner Start(SplitRunner next) => new Runner(set, behavior, next);

    private sealed class Runner(CharacterSet set, DelimiterBehavior behavior, SplitRunner next) : SplitRunner
    {
        public override void Take(ReadOnlySpan<byte> piece, bool isFirst)
        {
            var pieces = new DelimitedPieces(piece, isFirst, behavior, next);
            var taken = 0;
            for (var at = 0; at < piece.Length; )
            {
                var valid = Rune.DecodeFromUtf8(piece[at..], out var rune, out var length) == OperationStatus.Done;
                if (!valid)
                    length = 1;
                if (valid && set.Contains(rune.Value))
                {
                    if (taken < at)
                        pieces.Add(taken, at, isMatch: false);
                    pieces.Add(at, at + length, isMatch: true);
                    taken = at + length;
                }

                at += length;
            }

            if (taken < piece.Length)
                pieces.Add(taken, piece.Length, isMatch: false);
            pieces.Complete();
        }
    }
}
