using System.Globalization;

namespace LowRank.Training.Filtering;

/// <summary>Where IPv4 addresses stand in a text, and which of them are public.</summary>
internal static class IpAddress
{
    // Networks that are no part of the internet (IANA's special-purpose registry), by their first address and the bits that count.
    private static readonly (uint First, int Bits)[] SpecialNetworks =
    [
        (0x00000000, 8),
        (0x0A000000, 8),
        (0x64400000, 10),
        (0x7F000000, 8),
        (0xA9FE0000, 16),
        (0xAC100000, 12),
        (0xC0000000, 24),
        (0xC0000200, 24),
        (0xC0A80000, 16),
        (0xC6120000, 15),
        (0xC6336400, 24),
        (0xCB007100, 24),
        (0xF0000000, 4),
    ];

    /// <summary>
    /// Finds what looks like an address whose first part ends at the period at <paramref name="dot"/> and begins at
    /// <paramref name="from"/> or later; also within longer numbers, as in the reference.
    /// </summary>
    public static bool TryFind(ReadOnlySpan<char> text, int dot, int from, out int start, out int end)
    {
        start = end = dot;
        while (start > from && dot - start < 3 && char.IsAsciiDigit(text[start - 1]))
            start--;
        if (start == dot)
            return false;
        if (!IsOctet(text[start..dot]))
            start++;

        var position = dot + 1;
        for (var i = 0; i < 2; i++)
        {
            var digits = DigitsAt(text, position);
            if (!IsOctet(text.Slice(position, digits)) || position + digits == text.Length || text[position + digits] != '.')
                return false;
            position += digits + 1;
        }

        var last = Math.Min(3, DigitsAt(text, position));
        if (last == 0)
            return false;
        end = position + (IsOctet(text.Slice(position, last)) ? last : last - 1);
        return true;
    }

    /// <summary>Whether what <see cref="TryFind"/> found is an address, and a public one if that is asked.</summary>
    public static bool IsAddress(ReadOnlySpan<char> text, bool isPublic)
    {
        var address = 0u;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (part.Length > 1 && part[0] == '0')
                return false;
            address = (address << 8) | uint.Parse(part, CultureInfo.InvariantCulture);
        }

        return !isPublic || IsPublic(address);
    }

    /// <summary>Digits from <paramref name="position"/> on.</summary>
    public static int DigitsAt(ReadOnlySpan<char> text, int position)
    {
        var end = position;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end - position;
    }

    /// <summary>Whether digits are a number from 0 to 255 in at most three of them.</summary>
    public static bool IsOctet(ReadOnlySpan<char> digits) =>
        digits.Length is 1 or 2 || (digits.Length == 3 && int.Parse(digits, CultureInfo.InvariantCulture) <= 255);

    private static bool IsPublic(uint address)
    {
        // The two addresses of 192.0.0.0/24 that anybody may reach.
        if (address is 0xC0000009 or 0xC000000A)
            return true;

        foreach (var (first, bits) in SpecialNetworks)
        {
            if ((address ^ first) >> (32 - bits) == 0)
                return false;
        }

        return true;
    }
}
