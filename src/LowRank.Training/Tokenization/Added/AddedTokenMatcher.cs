using System.Buffers;
using System.Text;
using LowRank.Training.Tokenization.Models;
using LowRank.Training.Tokenization.Patterns;

namespace LowRank.Training.Tokenization.Added;

/// <summary>
/// Finds added tokens in text as Hugging Face's library does (<c>AddedVocabulary</c>): from left to right, of those that begin at one place
/// the longest. Safe for threads.
/// </summary>
internal sealed class AddedTokenMatcher
{
    private readonly AddedToken[] tokens;

    private readonly ByteTrie trie = new();
    private readonly SearchValues<byte> firstBytes;

    /// <param name="tokens">The tokens.</param>
    /// <param name="written">How each is written in the text that is searched; of equal ones the last counts.</param>
    public AddedTokenMatcher(IReadOnlyList<AddedToken> tokens, IReadOnlyList<byte[]> written)
    {
        this.tokens = [.. tokens];
        var first = new HashSet<byte>();
        for (var number = 0; number < this.tokens.Length; number++)
        {
            if (written[number].Length == 0)
                continue;
            first.Add(written[number][0]);
            trie.Add(written[number], number);
        }

        firstBytes = SearchValues.Create([.. first]);
        HasPlain = Array.Exists(this.tokens, token => !token.Special);
        IsEmpty = first.Count == 0;
    }

    /// <summary>Whether nothing can be found.</summary>
    public bool IsEmpty { get; }

    /// <summary>Whether there are tokens that aren't special, which are found whatever is asked for.</summary>
    public bool HasPlain { get; }

    /// <summary>Finds the next token.</summary>
    /// <param name="text">All of the text.</param>
    /// <param name="from">Where to look from; afterwards where to look for the next one.</param>
    /// <param name="taken">Where what was found before ends; it is not taken again.</param>
    /// <param name="special">Whether special tokens are found; the text of one that isn't hides those within it all the same.</param>
    /// <param name="found">Its id, and what belongs to it.</param>
    public bool TryNext(ReadOnlySpan<byte> text, ref int from, int taken, bool special, out (int Id, int Start, int End) found)
    {
        found = default;
        if (IsEmpty || !(special || HasPlain))
            return false;
        while (from < text.Length)
        {
            var skipped = text[from..].IndexOfAny(firstBytes);
            if (skipped < 0)
                break;
            from += skipped;
            var (number, end) = Longest(text, from);
            if (number < 0)
            {
                from++;
                continue;
            }

            var (start, token) = (from, tokens[number]);
            from = end;
            if (token.Special && !special)
                continue;
            if (token.SingleWord && (EndsWithWord(text[..start]) || StartsWithWord(text[end..])))
                continue;
            if (token.LeftStrip)
                start = Math.Max(StartOfSpacesAtEnd(text[..start]), taken);
            if (token.RightStrip)
                end += CharacterClasses.EndOfRun(text[end..], 0, CharacterClass.Space);
            found = (token.Id, start, end);
            return true;
        }

        from = text.Length;
        return false;
    }

    private (int Number, int End) Longest(ReadOnlySpan<byte> text, int start)
    {
        var (node, found) = (ByteTrie.Root, (Number: -1, End: start));
        for (var at = start; at < text.Length && trie.TryStep(ref node, text[at]); at++)
        {
            if (trie.End(node) is >= 0 and var number)
                found = (number, at + 1);
        }

        return found;
    }

    private static int StartOfSpacesAtEnd(ReadOnlySpan<byte> text)
    {
        while (Rune.DecodeLastFromUtf8(text, out var last, out var length) == OperationStatus.Done && Rune.IsWhiteSpace(last))
            text = text[..^length];
        return text.Length;
    }

    private static bool EndsWithWord(ReadOnlySpan<byte> text) =>
        Rune.DecodeLastFromUtf8(text, out var last, out _) == OperationStatus.Done && CharacterSet.IsOfWordOrJoins(last.Value);

    private static bool StartsWithWord(ReadOnlySpan<byte> text) =>
        Rune.DecodeFromUtf8(text, out var first, out _) == OperationStatus.Done && CharacterSet.IsOfWordOrJoins(first.Value);
}
