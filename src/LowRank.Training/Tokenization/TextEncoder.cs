using System.Runtime.InteropServices;
using LowRank.Training.Files;

namespace LowRank.Training.Tokenization;

/// <summary>Cuts text into words and encodes them, remembering the ids of words met before. Not safe for threads.</summary>
internal sealed class TextEncoder(SplitPattern pattern, WordEncoder words)
{
    /// <summary>Longer words seldom come twice.</summary>
    private const int LongestRemembered = 64;

    /// <summary>
    /// Bounds what is remembered, half a million words and some 20 MB. When it is full all is forgotten: the words that come often are back
    /// at once, and those of one page of the web don't stay.
    /// </summary>
    private const int MostRememberedBytes = 1 << 22;

    private WordTable known = new();
    private readonly List<int> ids = [];

    /// <summary>Where the ids of each known word end in <see cref="ids"/>.</summary>
    private readonly List<int> ends = [];

    /// <summary>Bytes of all words that are remembered.</summary>
    internal int RememberedBytes => known.TotalBytes;

    /// <summary>
    /// Adds the ids of <paramref name="text"/> to <paramref name="destination"/>. After a cancellation the encoder is of no use.
    /// </summary>
    public void Encode(ReadOnlySpan<byte> text, List<int> destination, CancellationToken cancellation)
    {
        var pace = new StopPace(cancellation);
        var start = 0;
        while (start < text.Length)
        {
            pace.Step();
            var end = pattern.EndOfWord(text, start);
            EncodeWord(text[start..end], destination, cancellation);
            start = end;
        }
    }

    private void EncodeWord(ReadOnlySpan<byte> word, List<int> destination, CancellationToken cancellation)
    {
        if (word.Length > LongestRemembered)
        {
            words.Encode(word, destination, cancellation);
            return;
        }

        if (known.TotalBytes > MostRememberedBytes)
        {
            known = new WordTable();
            ids.Clear();
            ends.Clear();
        }

        var number = known.FindOrAdd(word);
        if (number == ends.Count)
        {
            words.Encode(word, ids, cancellation);
            ends.Add(ids.Count);
        }

        var first = number == 0 ? 0 : ends[number - 1];
        destination.AddRange(CollectionsMarshal.AsSpan(ids)[first..ends[number]]);
    }
}
