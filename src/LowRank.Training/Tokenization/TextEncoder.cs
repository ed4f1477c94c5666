using System.Runtime.InteropServices;
using LowRank.Training.Files;
using LowRank.Training.Tokenization.Models;
using LowRank.Training.Tokenization.Splitting;

namespace LowRank.Training.Tokenization;

/// <summary>Cuts text into words and encodes them, remembering the ids of words met before. Not safe for threads.</summary>
internal sealed class TextEncoder
{
    /// <summary>Longer words seldom come twice.</summary>
    private const int LongestRemembered = 64;

    /// <summary>
    /// Bounds what is remembered, half a million words and some 20 MB. When it is full all is forgotten: the words that come often are back
    /// at once, and those of one page of the web don't stay.
    /// </summary>
    private const int MostRememberedBytes = 1 << 22;

    private readonly WordModel words;

    /// <summary>The only step, where that is a pattern scanned by hand: its words need no hands between.</summary>
    private readonly SplitPattern? pattern;
    private readonly SplitRunner first;
    private WordTable known = new();
    private readonly List<int> ids = [];

    /// <summary>Where the ids of each known word end in <see cref="ids"/>.</summary>
    private readonly List<int> ends = [];

    // Of the text that is being encoded.
    private List<int> destination = [];
    private CancellationToken cancellation;
    private StopPace pace;

    /// <param name="steps">How text is cut into words; none for texts that are one.</param>
    /// <param name="words">How words become ids.</param>
    public TextEncoder(IReadOnlyList<SplitStep> steps, WordModel words)
    {
        this.words = words;
        pattern = steps is [WordSplit only] ? only.Pattern : null;
        first = new Words(this);
        foreach (var step in steps.Reverse())
            first = step.Start(first);
    }

    /// <summary>Bytes of all words that are remembered.</summary>
    internal int RememberedBytes => known.TotalBytes;

    /// <summary>
    /// Adds the ids of <paramref name="text"/> to <paramref name="destination"/>. After a cancellation the encoder is of no use.
    /// </summary>
    public void Encode(ReadOnlySpan<byte> text, bool isFirst, List<int> destination, CancellationToken cancellation)
    {
        if (text.IsEmpty)
            return;
        (this.destination, this.cancellation, pace) = (destination, cancellation, new StopPace(cancellation));
        if (pattern is null)
        {
            first.Take(text, isFirst);
            return;
        }

        for (var start = 0; start < text.Length; )
        {
            pace.Step();
            var end = pattern.EndOfWord(text, start);
            EncodeWord(text[start..end]);
            start = end;
        }
    }

    private void EncodeWord(ReadOnlySpan<byte> word)
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

        var start = number == 0 ? 0 : ends[number - 1];
        destination.AddRange(CollectionsMarshal.AsSpan(ids)[start..ends[number]]);
    }

    private sealed class Words(TextEncoder encoder) : SplitRunner
    {
        public override void Take(ReadOnlySpan<byte> piece, bool isFirst)
        {
            encoder.pace.Step();
            encoder.EncodeWord(piece);
        }
    }
}
