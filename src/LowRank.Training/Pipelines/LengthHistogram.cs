using System.Numerics;

namespace LowRank.Training.Pipelines;

/// <summary>Counts texts by their length in characters (code points), each bin twice as wide as the one before.</summary>
internal sealed class LengthHistogram
{
    private const int Bins = 32;

    private readonly long[] counts = new long[Bins];

    public void Add(string text) => counts[BitOperations.Log2((uint)Math.Max(1, Length(text)))]++;

    /// <summary>The counts, without the empty bins behind the last text.</summary>
    public IReadOnlyList<long> Counts => counts[..(Array.FindLastIndex(counts, count => count > 0) + 1)];

    // The halves of a pair count once.
    private static int Length(string text)
    {
        var length = text.Length;
        for (var rest = text.AsSpan(); rest.IndexOfAnyInRange('\uDC00', '\uDFFF') is >= 0 and var at; rest = rest[(at + 1)..])
            length--;
        return length;
    }
}
