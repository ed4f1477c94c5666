using System.Buffers;
using System.Text;

namespace LowRank.Training.Tokenization.Splitting;

/// <summary>
/// Cuts text before the sign of a space where no merge reaches over the cut, so that a model without a pre-tokenizer, such as LLaMA 2's, is
/// given words: its ids are the same, and words that come again are remembered.
/// </summary>
/// <param name="kept">Characters behind which a merge goes on with the sign.</param>
internal sealed class CutBeforeSign(IReadOnlySet<int> kept) : SplitStep
{
    /// <summary>SentencePiece's sign of a space.</summary>
    public const string Sign = "\u2581";

    private const int SignCharacter = 0x2581;

    /// <summary>Finds where text can be cut; null for nowhere.</summary>
    /// <param name="merges">The merges.</param>
    /// <param name="ids">The vocabulary.</param>
    /// <param name="unknown">The id of unknown characters.</param>
    public static CutBeforeSign? Find(
        IReadOnlyList<(int Left, int Right, int Product)> merges,
        IReadOnlyDictionary<string, int> ids,
        int? unknown
    )
    {
        var names = new Dictionary<int, string>(ids.Count);
        foreach (var (token, id) in ids)
            names[id] = token;
        var kept = new HashSet<int>();
        foreach (var (left, right, product) in merges)
        {
            // What stands for other text than its own may stand before any character.
            if (left == unknown || right == unknown || IsByte(names[left]) || IsByte(names[right]))
                return null;
            var before = SignCharacter;
            foreach (var character in names[product].EnumerateRunes())
            {
                if (character.Value == SignCharacter && before != SignCharacter)
                    kept.Add(before);
                before = character.Value;
            }
        }

        return new CutBeforeSign(kept);
    }

    public override SplitRunner Start(SplitRunner next) => new Runner(kept, next);

    private static bool IsByte(string token) => token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>';

    private sealed class Runner(IReadOnlySet<int> kept, SplitRunner next) : SplitRunner
    {
        private static readonly byte[] SignBytes = Encoding.UTF8.GetBytes(Sign);

        public override void Take(ReadOnlySpan<byte> piece, bool isFirst)
        {
            var start = 0;
            for (var at = 0; at < piece.Length; )
            {
                var found = piece[at..].IndexOf(SignBytes);
                if (found < 0)
                    break;
                at += found;
                if (at > start && IsCut(piece[..at]))
                {
                    next.Take(piece[start..at], isFirst && start == 0);
                    start = at;
                }

                at += SignBytes.Length;
            }

            next.Take(piece[start..], isFirst && start == 0);
        }

        private bool IsCut(ReadOnlySpan<byte> before) =>
            Rune.DecodeLastFromUtf8(before, out var last, out _) == OperationStatus.Done
            && last.Value != SignCharacter
            && !kept.Contains(last.Value);
    }
}
