using System.Runtime.InteropServices;
using LowRank.Training.Files;

namespace LowRank.Training.Tokenization;

/// <summary>Cuts text into words and encodes them, remembering the ids of words met before. Not safe for threads.</summary>
internal sealed class TextEncoder(SplitPattern pattern, WordEncoder words)
{
    /// <summary>Longer words seldom come twice.</summary>
    private const int LongestRemembered = 64;

    /// <summary>Bounds what is remembered; natural text of gigabytes stays below it.</summary>
    private const int MostRememberedBytes = 1 << 25;

    private readonly WordTable known = new();
    private readonly List<int> ids = [];

    /// <summary>Where the ids of each known word end in <see cref="ids"/>.</summary>
    private readonly List<int> ends = [];

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
        if (word.Length > LongestRemembered || known.TotalBytes > MostRememberedBytes)
        {
            words.Encode(word, destination, cancellation);
            return;
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
