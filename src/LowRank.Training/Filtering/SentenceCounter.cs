using System.Text;

namespace LowRank.Training.Filtering;

/// <summary>
/// Counts sentences as spaCy's rule-based counter does over its words: the first word that isn't punctuation after one that ends a
/// sentence begins the next. "U.S." is one word and ends none.
/// </summary>
internal sealed class SentenceCounter
{
    private readonly EnglishSplitter splitter = new();
    private readonly WordList words = new();

    /// <summary>How many sentences <paramref name="text"/> has, at least one; no more than <paramref name="most"/> are counted.</summary>
    public int Count(ReadOnlySpan<char> text, int most)
    {
        if (most <= 1 || !Punctuation.SentenceEnd.HasAny(text))
            return 1;

        words.Clear();
        splitter.Split(text, words);
        var count = 1;
        var ended = false;
        var position = 0;
        for (var i = 0; i < words.Count && count < most; i++)
        {
            var word = text.Slice(words.Starts[i], words.Lengths[i]);
            if (ended && (IsLongGap(text[position..words.Starts[i]]) || !IsPunctuation(word)))
            {
                count++;
                ended = false;
            }

            if (IsSentenceEnd(word))
                ended = true;
            position = words.Starts[i] + word.Length;
        }

        return ended && count < most && IsLongGap(text[position..]) ? count + 1 : count;
    }

    // More than one space between words is a word of its own there, and no punctuation.
    private static bool IsLongGap(ReadOnlySpan<char> gap) => gap is not ([] or [' ']);

    private static bool IsSentenceEnd(ReadOnlySpan<char> word) =>
        (word.Length == 1 || (word.Length == 2 && char.IsHighSurrogate(word[0]))) && Punctuation.SentenceEnd.EndsIn(word);

    private static bool IsPunctuation(ReadOnlySpan<char> word)
    {
        if (char.IsAsciiLetterOrDigit(word[0]))
            return false;
        foreach (var rune in word.EnumerateRunes())
        {
            if (!Rune.IsPunctuation(rune))
                return false;
        }

        return true;
    }
}
