using System.Collections.Frozen;

namespace LowRank.Training.Filtering;

/// <summary>A set of code points that is asked character by character: a table for the basic plane, a hash set beyond it.</summary>
internal sealed class CharacterSet
{
    private readonly bool[] basicPlane = new bool[char.MaxValue + 1];
    private readonly FrozenSet<int> beyond;

    /// <param name="ranges">Code points of the set, from the first to the last of each range.</param>
    public CharacterSet(IEnumerable<(int First, int Last)> ranges)
    {
        var others = new List<int>();
        foreach (var (first, last) in ranges)
        {
            if (first > char.MaxValue)
                others.AddRange(Enumerable.Range(first, last - first + 1));
            else
                basicPlane.AsSpan(first, last - first + 1).Fill(true);
        }

        beyond = others.ToFrozenSet();
    }

    /// <summary>Whether <paramref name="text"/> ends in a character of the set.</summary>
    public bool EndsIn(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return false;
        if (!char.IsLowSurrogate(text[^1]))
            return basicPlane[text[^1]];
        return text.Length > 1 && beyond.Contains(char.ConvertToUtf32(text[^2], text[^1]));
    }

    /// <summary>Whether all characters of <paramref name="text"/> belong to the set.</summary>
    public bool HasAll(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!basicPlane[text[i]])
                return HasAllFrom(text, i);
        }

        return true;
    }

    private bool HasAllFrom(ReadOnlySpan<char> text, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (basicPlane[text[i]])
                continue;
            if (!char.IsHighSurrogate(text[i]) || !beyond.Contains(char.ConvertToUtf32(text[i], text[i + 1])))
                return false;
            i++;
        }

        return true;
    }

    /// <summary>Whether any character of <paramref name="text"/> belongs to the set.</summary>
    public bool HasAny(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (
                basicPlane[text[i]] || (char.IsLowSurrogate(text[i]) && i > 0 && beyond.Contains(char.ConvertToUtf32(text[i - 1], text[i])))
            )
                return true;
        }

        return false;
    }
}
