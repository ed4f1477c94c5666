using System.Buffers;
using System.Globalization;
using System.Text;

namespace LowRank.Training.Filtering;

/// <summary>
/// What Python's strings call white space, lines and lengths. The published rules were counted with them, and .NET answers differently
/// at the edges: U+001C to U+001F are white space there, and a length counts code points.
/// </summary>
internal static class PythonText
{
    private const string LineBreaks = "\n\v\f\r\x1C\x1D\x1E\u0085\u2028\u2029";

    private static readonly SearchValues<char> Spaces = SearchValues.Create([
        .. Enumerable.Range(0, char.MaxValue + 1).Select(value => (char)value).Where(IsSpace),
    ]);

    private static readonly SearchValues<char> LineBreakValues = SearchValues.Create(LineBreaks);

    /// <summary>Whether <c>str.isspace</c> holds.</summary>
    public static bool IsSpace(char value) => char.IsWhiteSpace(value) || value is >= '\x1C' and <= '\x1F';

    /// <summary>Units before the first white space; all if there is none.</summary>
    public static int NextSpace(ReadOnlySpan<char> text)
    {
        var next = text.IndexOfAny(Spaces);
        return next < 0 ? text.Length : next;
    }

    /// <summary><c>str.lstrip</c></summary>
    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start]))
            start++;
        return text[start..];
    }

    /// <summary><c>str.rstrip</c></summary>
    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        return text[..end];
    }

    /// <summary><c>str.strip</c></summary>
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => TrimEnd(TrimStart(text));

    /// <summary>Takes the next line of <c>str.splitlines</c> from <paramref name="rest"/>; false if nothing is left.</summary>
    public static bool TryTakeLine(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> line)
    {
        line = rest;
        if (rest.IsEmpty)
            return false;

        var end = rest.IndexOfAny(LineBreakValues);
        if (end < 0)
        {
            rest = [];
            return true;
        }

        line = rest[..end];
        var isPair = rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n';
        rest = rest[(end + (isPair ? 2 : 1))..];
        return true;
    }

    /// <summary>Whether <c>\w</c> is the character at <paramref name="at"/>: a letter, a number of any kind, the underscore.</summary>
    public static bool IsWord(ReadOnlySpan<char> text, int at)
    {
        if (text[at] == '_' || char.IsAsciiLetterOrDigit(text[at]))
            return true;
        return !char.IsAscii(text[at])
            && Rune.DecodeFromUtf16(text[at..], out var rune, out _) == OperationStatus.Done
            && Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.UppercaseLetter
                    or UnicodeCategory.LowercaseLetter
                    or UnicodeCategory.TitlecaseLetter
                    or UnicodeCategory.ModifierLetter
                    or UnicodeCategory.OtherLetter
                    or UnicodeCategory.DecimalDigitNumber
                    or UnicodeCategory.LetterNumber
                    or UnicodeCategory.OtherNumber;
    }

    /// <summary><c>len</c>: code points, so a surrogate pair counts once.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        var first = text.IndexOfAnyInRange('\uDC00', '\uDFFF');
        if (first < 0)
            return text.Length;

        var pairs = 0;
        foreach (var unit in text[first..])
        {
            if (char.IsLowSurrogate(unit))
                pairs++;
        }

        return text.Length - pairs;
    }
}
