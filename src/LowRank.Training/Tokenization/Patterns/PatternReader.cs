using System.Text;
using LowRank.Training.Json;

namespace LowRank.Training.Tokenization.Patterns;

/// <summary>The code points of a regular expression, taken one after the other.</summary>
internal sealed class PatternReader(string pattern)
{
    private const int DeepestGroup = 50;

    private readonly int[] text = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];
    private int at;
    private int depth;

    /// <summary>Whether all were taken.</summary>
    public bool IsAtEnd => at == text.Length;

    /// <summary>The next one, of which there must be one.</summary>
    public int Next => text[at];

    /// <summary>One behind the next; -1 where there is none.</summary>
    /// <param name="ahead">How far behind.</param>
    public int Peek(int ahead) => at + ahead < text.Length ? text[at + ahead] : -1;

    /// <summary>Takes the next one.</summary>
    public int Take() => text[at++];

    /// <summary>Takes the next one if it is this one.</summary>
    public bool Take(char character)
    {
        if (IsAtEnd || text[at] != character)
            return false;
        at++;
        return true;
    }

    /// <summary>Takes these if they come next.</summary>
    public bool Take(string characters)
    {
        for (var index = 0; index < characters.Length; index++)
        {
            if (Peek(index) != characters[index])
                return false;
        }

        at += characters.Length;
        return true;
    }

    /// <summary>Takes what comes before a sign, and the sign; null, and nothing is taken, where it doesn't come.</summary>
    /// <param name="end">The sign.</param>
    public string? TakeUpTo(char end)
    {
        var place = Array.IndexOf(text, end, at);
        if (place < 0)
            return null;
        var taken = Characters(at, place);
        at = place + 1;
        return taken;
    }

    /// <summary>Takes hexadecimal digits.</summary>
    /// <param name="most">How many at most.</param>
    public string TakeDigits(int most)
    {
        var start = at;
        while (!IsAtEnd && at - start < most && text[at] < 128 && char.IsAsciiHexDigit((char)text[at]))
            at++;
        return Characters(start, at);
    }

    /// <summary>Takes what a part of the expression takes, or nothing where it turns out to be something else.</summary>
    /// <param name="read">Whether it was that part.</param>
    public bool Try(Func<bool> read)
    {
        var start = at;
        if (read())
            return true;
        at = start;
        return false;
    }

    /// <summary>Begins a group, or brackets, within those that are open.</summary>
    /// <param name="what">What begins, in the plural.</param>
    /// <exception cref="PatternException">There are too many.</exception>
    public void Enter(string what)
    {
        if (++depth > DeepestGroup)
            throw Wrong($"nests its {what} too deep");
    }

    /// <summary>Ends it.</summary>
    public void Leave() => depth--;

    /// <summary>The error that says what is wrong with the expression.</summary>
    public PatternException Wrong(string what) => new($"its regular expression {ShownText.Of(pattern)} {what}");

    private string Characters(int start, int end)
    {
        var characters = new StringBuilder(end - start);
        foreach (var character in text.AsSpan(start..end))
            characters.Append(new Rune(character));
        return characters.ToString();
    }
}
