using System.Globalization;
using LowRank.Training.Files;

namespace LowRank.Training.Tokenization;

/// <summary>
/// Learns a byte-level byte-pair vocabulary: counts the distinct words of all documents, then merges the most frequent adjacent pair
/// until the vocabulary is full. The result depends on the counts alone, not on the order of the documents. Not safe for threads.
/// </summary>
public sealed class BytePairTrainer
{
    /// <summary>
    /// Longer words are counted in pieces: a line of a megabyte without a space is no word of any language, and its pieces may come
    /// again. Encoding knows no such limit.
    /// </summary>
    private const int LongestWord = 256;

    /// <summary>
    /// So much text behind the longest word is looked at to find its end: more than any pattern needs to tell where a shorter word ends.
    /// Looking at all of a run for each of its pieces would take time with the square of its length.
    /// </summary>
    private const int LookAhead = 16;

    /// <summary>Once so many bytes of distinct words are known, words not met before are no longer counted, to bound the memory.</summary>
    private const int MostBytes = 1 << 30;

    /// <summary>The 256 bytes and the end-of-text token.</summary>
    private const int SmallestVocabulary = 257;

    private readonly WordTable words = new();
    private long[] counts = new long[1 << 10];

    /// <summary>Counts the words of one document, given as UTF-8 (any bytes are allowed).</summary>
    public void Add(ReadOnlySpan<byte> document) => Add(document, CancellationToken.None);

    /// <summary>As above; a document may be of gigabytes.</summary>
    internal void Add(ReadOnlySpan<byte> document, CancellationToken cancellation)
    {
        var pace = new StopPace(cancellation);
        while (!document.IsEmpty)
        {
            pace.Step();
            var near = document[..Math.Min(document.Length, LongestWord + LookAhead)];
            var end = Math.Min(SplitPattern.Gpt2.EndOfWord(near, 0), LongestWord);
            Count(document[..end]);
            document = document[end..];
        }
    }

    /// <summary>
    /// Learns from the documents added so far. The tokenizer has exactly <paramref name="vocabulary"/> entries — the 256 bytes, the
    /// merges, and the end-of-text token, which is the last — or fewer when no pair is left that occurs twice.
    /// </summary>
    /// <exception cref="InputException">The vocabulary is smaller than the 257 entries that bytes and end of text need.</exception>
    public Tokenizer Train(int vocabulary, CancellationToken cancellation = default)
    {
        if (vocabulary < SmallestVocabulary)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A byte-pair vocabulary of {vocabulary} is too small: the 256 bytes and the end-of-text token need {SmallestVocabulary}; declare a vocabulary of at least that, such as 4096."
                )
            );
        }

        var merges = new PairMerger(words, counts, cancellation).Merge(vocabulary - SmallestVocabulary);
        return Tokenizer.FromMerges(merges);
    }

    private void Count(ReadOnlySpan<byte> word)
    {
        var number = words.TotalBytes < MostBytes ? words.FindOrAdd(word) : words.Find(word);
        if (number < 0)
            return;

        if (number >= counts.Length)
            Array.Resize(ref counts, 2 * counts.Length);

        counts[number]++;
    }
}
