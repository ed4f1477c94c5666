namespace LowRank.Training.Filtering;

/// <summary>
/// Whether a text without white space is an address of the web or of mail, by its look alone: a scheme and a user, if any, before a host
/// of several labels or a public IPv4 address, a port and a path after it. The English splitter doesn't divide it.
/// </summary>
internal static class WebAddress
{
    private const int LongestLabel = 64;
    private const int LongestTopLevel = 63;

    /// <summary>Whether all of <paramref name="text"/> is an address.</summary>
    public static bool Matches(ReadOnlySpan<char> text)
    {
        if (!text.Contains('.'))
            return false;
        if (HasHost(text))
            return true;

        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 2 && IsScheme(text[..scheme]) && HasHost(text[(scheme + 3)..]))
            return true;

        // Whatever stands before an @ may be a user.
        for (var at = text.IndexOf('@'); at >= 0; )
        {
            var rest = text[(at + 1)..];
            if (at > 0 && HasHost(rest))
                return true;
            var next = rest.IndexOf('@');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '+' or '-' or '.')
                continue;
            if (!PythonText.IsWord(text, i))
                return false;
            if (char.IsHighSurrogate(text[i]))
                i++;
        }

        return true;
    }

    private static bool HasHost(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && (IsLabelEdge(text[end]) || text[end] is '_' or '-' or '.'))
            end++;
        return EndsAfterHost(text[end..]) && (IsPublicIpAddress(text[..end]) || IsHostName(text[..end]));
    }

    private static bool EndsAfterHost(ReadOnlySpan<char> rest)
    {
        if (!rest.IsEmpty && rest[0] == ':')
        {
            var digits = 1;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
                digits++;
            if (digits is < 3 or > 6)
                return false;
            rest = rest[digits..];
        }

        return rest.IsEmpty || rest[0] is '/' or '?' or '#';
    }

    private static bool IsHostName(ReadOnlySpan<char> host)
    {
        var dot = host.LastIndexOf('.');
        if (dot < 1 || host.Length - dot - 1 is < 2 or > LongestTopLevel)
            return false;
        for (var i = dot + 1; i < host.Length; i++)
        {
            if ((EnglishCharacters.Traits[host[i]] & EnglishTraits.Lower) == 0)
                return false;
        }

        var labels = host[..dot];
        while (true)
        {
            var next = labels.IndexOf('.');
            var label = next < 0 ? labels : labels[..next];
            if (label.Length is 0 or > LongestLabel || !IsLabelEdge(label[0]) || !IsLabelEdge(label[^1]))
                return false;
            if (next < 0)
                return true;
            labels = labels[(next + 1)..];
        }
    }

    private static bool IsLabelEdge(char value) => char.IsAsciiLetterOrDigit(value) || (value >= '\u00A1' && !char.IsSurrogate(value));

    // Neither a network's own address nor one of a private network: those are divided as numbers are.
    private static bool IsPublicIpAddress(ReadOnlySpan<char> text)
    {
        Span<int> parts = stackalloc int[4];
        for (var i = 0; i < parts.Length; i++)
        {
            var dot = text.IndexOf('.');
            var part =
                i == 3 ? text
                : dot < 0 ? []
                : text[..dot];
            if (part.Length is 0 or > 3 || part.ContainsAnyExceptInRange('0', '9'))
                return false;
            parts[i] = int.Parse(part, System.Globalization.CultureInfo.InvariantCulture);
            var mayBeginWithZero = i is 1 or 2 && (part.Length < 3 || part[0] != '0');
            if (part[0] == '0' && !mayBeginWithZero)
                return false;
            text = text[(dot + 1)..];
        }

        var isPrivate =
            parts[0] is 10 or 127
            || (parts[0] == 169 && parts[1] == 254)
            || (parts[0] == 192 && parts[1] == 168)
            || (parts[0] == 172 && parts[1] is >= 16 and <= 31);
        return !isPrivate && parts[0] is >= 1 and <= 223 && parts[1] <= 255 && parts[2] <= 255 && parts[3] is >= 1 and <= 254;
    }
}
