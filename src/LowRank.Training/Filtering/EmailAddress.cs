using System.Buffers;

namespace LowRank.Training.Filtering;

/// <summary>Where e-mail addresses stand: atoms between single periods, an @, a host name or an IPv4 address in brackets.</summary>
internal static class EmailAddress
{
    private static readonly SearchValues<char> AtomCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~-"
    );

    /// <summary>Finds the address around the @ at <paramref name="at"/> that begins at <paramref name="from"/> or later.</summary>
    public static bool TryFind(ReadOnlySpan<char> text, int at, int from, out int start, out int end)
    {
        start = end = 0;
        return TryFindStart(text, at, from, out start) && TryFindEnd(text, at + 1, out end);
    }

    // The first place, at the edge of a word, from which single periods and atoms lead to the @.
    private static bool TryFindStart(ReadOnlySpan<char> text, int at, int from, out int start)
    {
        start = at;
        var first = at;
        while (first > from && (AtomCharacters.Contains(text[first - 1]) || (text[first - 1] == '.' && first < at && text[first] != '.')))
            first--;
        if (first < at && text[first] == '.')
            first++;

        for (start = first; start < at; start++)
        {
            if (text[start] != '.' && PythonText.IsWord(text, start) != IsWordBefore(text, start))
                return true;
        }

        return false;
    }

    private static bool TryFindEnd(ReadOnlySpan<char> text, int position, out int end)
    {
        if (position < text.Length && text[position] == '[')
            return TryFindBracketEnd(text, position + 1, out end);

        end = 0;
        for (var labels = 0; ; labels++)
        {
            var run = position;
            while (run < text.Length && (char.IsAsciiLetterOrDigit(text[run]) || text[run] == '-'))
                run++;
            if (run == position || text[position] == '-')
                break;

            var last = run;
            while (text[last - 1] == '-')
                last--;
            if (labels > 0)
                end = last;
            if (last < run || run == text.Length || text[run] != '.')
                break;
            position = run + 1;
        }

        return end > 0;
    }

    private static bool TryFindBracketEnd(ReadOnlySpan<char> text, int position, out int end)
    {
        end = 0;
        for (var i = 0; i < 3; i++)
        {
            var octet = IpAddress.DigitsAt(text, position);
            if (!IpAddress.IsOctet(text.Slice(position, octet)) || position + octet == text.Length || text[position + octet] != '.')
                return false;
            position += octet + 1;
        }

        var digits = IpAddress.DigitsAt(text, position);
        var last = position + digits;
        if (!IpAddress.IsOctet(text.Slice(position, digits)) || last == text.Length || text[last] != ']')
        {
            // Or a name of letters, digits and hyphens that ends in a colon.
            last = position;
            while (last < text.Length && (char.IsAsciiLetterOrDigit(text[last]) || text[last] == '-'))
                last++;
            if (last == position || text[last - 1] == '-' || last + 1 >= text.Length || text[last] != ':' || text[last + 1] != ']')
                return false;
            last++;
        }

        end = last + 1;
        return true;
    }

    private static bool IsWordBefore(ReadOnlySpan<char> text, int position)
    {
        if (position == 0)
            return false;
        var before = position - 1;
        return PythonText.IsWord(text, before > 0 && char.IsLowSurrogate(text[before]) ? before - 1 : before);
    }
}
