using System.Text;

namespace LowRank.Training.Templates;

/// <summary>
/// A text by code points, as Python counts it; here a character beyond U+FFFF is two units. A text without such takes no memory of its own.
/// </summary>
internal sealed class CodePoints
{
    private readonly string text;

    /// <summary>Where each begins; null where each is one unit.</summary>
    private readonly int[]? starts;

    /// <summary>The code points of a text.</summary>
    public CodePoints(string text)
    {
        this.text = text;
        Count = CountOf(text);
        if (Count == text.Length)
            return;
        starts = new int[Count];
        for (var (at, point) = (0, 0); point < Count; point++)
        {
            starts[point] = at;
            at += IsPair(text, at) ? 2 : 1;
        }
    }

    /// <summary>Number of code points.</summary>
    public int Count { get; }

    /// <summary>One of them, as a text.</summary>
    public string this[int index] => Span(index).ToString();

    /// <summary>Some of them, in the order of their indexes.</summary>
    public string Concat(IEnumerable<int> indexes)
    {
        var made = new StringBuilder();
        foreach (var index in indexes)
            made.Append(Span(index));
        return made.ToString();
    }

    /// <summary>Number of code points of a text.</summary>
    public static int CountOf(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return text.Length;
        var pairs = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (IsPair(text, at))
                pairs++;
        }

        return text.Length - pairs;
    }

    /// <summary>The code point that a unit's index is.</summary>
    public static int IndexOf(string text, int unit) => CountOf(text[..unit]);

    private ReadOnlySpan<char> Span(int index)
    {
        var start = starts is null ? index : starts[index];
        return text.AsSpan(start, IsPair(text, start) ? 2 : 1);
    }

    private static bool IsPair(string text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
}
