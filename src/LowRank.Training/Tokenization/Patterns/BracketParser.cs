using LowRank.Training.Json;

namespace LowRank.Training.Tokenization.Patterns;

/// <summary>
/// Reads sets of characters in brackets: <c>[^a-z\d[:punct:]&amp;&amp;[^x]]</c>, with sets in sets and their intersections.
/// </summary>
/// <param name="reader">The expression.</param>
/// <param name="escapes">What stands behind a backslash.</param>
internal sealed class BracketParser(PatternReader reader, PatternEscapes escapes)
{
    /// <summary>The set, whose first bracket was taken.</summary>
    /// <param name="cased">Adds other cases where they are the same.</param>
    /// <exception cref="PatternException">It is wrong.</exception>
    public CharacterSet Read(Func<CharacterSet, CharacterSet> cased)
    {
        reader.Enter("brackets");
        var negated = reader.Take('^');
        var sets = new List<CharacterSet>();
        CharacterSet? before = null;
        var first = true;
        while (true)
        {
            if (reader.IsAtEnd)
                throw reader.Wrong("has a [ without an end");
            if (!first && reader.Take(']'))
                break;
            first = false;
            if (reader.Take("&&"))
            {
                before = Both(before, sets);
                sets = [];
            }
            else
                sets.Add(Member(cased));
        }

        reader.Leave();
        // What is left out is left out in every case.
        return cased(Both(before, sets)).Negate(negated);
    }

    private CharacterSet Both(CharacterSet? before, List<CharacterSet> sets)
    {
        if (sets.Count == 0)
            throw reader.Wrong("has an empty part of a [...]");
        var set = CharacterSet.Union(sets);
        return before is null ? set : CharacterSet.Intersection(before, set);
    }

    private CharacterSet Member(Func<CharacterSet, CharacterSet> cased)
    {
        if (Named() is { } named)
            return named;
        if (reader.Take('['))
            return Read(cased);
        if (!escapes.IsSet(0))
            return OneOrRange();
        reader.Take();
        return escapes.Set();
    }

    // [:alpha:], or null where it is nothing like it.
    private CharacterSet? Named()
    {
        var name = "";
        if (!reader.Try(() => reader.Take("[:") && (name = Letters()) is not null && reader.Take(":]")))
            return null;
        var negated = name.StartsWith('^');
        return (
            CharacterProperties.Bracket(negated ? name[1..] : name)
            ?? throw reader.Wrong($"has [:{ShownText.Of(name)}:], which is not supported")
        ).Negate(negated);
    }

    private string Letters()
    {
        var letters = new System.Text.StringBuilder();
        while (reader.Peek(0) is '^' or (>= 'a' and <= 'z'))
            letters.Append((char)reader.Take());
        return letters.ToString();
    }

    private CharacterSet OneOrRange()
    {
        var first = Character();
        if (reader.Peek(0) != '-' || reader.Peek(1) is -1 or ']')
            return CharacterSet.Of(first);
        // A set behind a dash makes it a character.
        var isCharacter = reader.Peek(1) == '[' || escapes.IsSet(1);
        reader.Take();
        if (isCharacter)
            return CharacterSet.Union([CharacterSet.Of(first), CharacterSet.Of('-')]);
        var last = Character();
        return last >= first
            ? CharacterSet.Range(first, last)
            : throw reader.Wrong("has a range in [...] whose end comes before its beginning");
    }

    private int Character()
    {
        if (!reader.Take('\\'))
            return reader.Take();
        return reader.Take('b') ? '\b' : escapes.Character();
    }
}
