using System.Globalization;
using System.Text;

namespace LowRank.Training.Templates;

/// <summary>What a string between quotes stands for, by Python's escapes.</summary>
internal static class StringLiteral
{
    /// <summary>The text; null where an escape is wrong, or one of a name (<c>\N{…}</c>), which is not read.</summary>
    /// <param name="written">What stands between the quotes.</param>
    public static string? Read(ReadOnlySpan<char> written)
    {
        if (!written.Contains('\\'))
            return written.ToString();
        var text = new StringBuilder(written.Length);
        for (var at = 0; at < written.Length; )
        {
            if (written[at] != '\\' || at + 1 >= written.Length)
            {
                text.Append(written[at++]);
                continue;
            }

            var escape = written[at + 1];
            at += 2;
            switch (escape)
            {
                case '\n':
                    break;
                case '\\' or '\'' or '"':
                    text.Append(escape);
                    break;
                case 'n':
                    text.Append('\n');
                    break;
                case 't':
                    text.Append('\t');
                    break;
                case 'r':
                    text.Append('\r');
                    break;
                case 'a':
                    text.Append('\a');
                    break;
                case 'b':
                    text.Append('\b');
                    break;
                case 'f':
                    text.Append('\f');
                    break;
                case 'v':
                    text.Append('\v');
                    break;
                case >= '0' and <= '7':
                    at = Octal(written, at - 1, text);
                    break;
                case 'x' or 'u' or 'U':
                    at = Hexadecimal(
                        written,
                        at,
                        escape == 'x' ? 2
                            : escape == 'u' ? 4
                            : 8,
                        text
                    );
                    break;
                case 'N':
                    return null;
                default:
                    text.Append('\\').Append(escape);
                    break;
            }

            if (at < 0)
                return null;
        }

        return text.ToString();
    }

    private static int Octal(ReadOnlySpan<char> written, int at, StringBuilder text)
    {
        var value = 0;
        for (var digits = 0; digits < 3 && at < written.Length && written[at] is >= '0' and <= '7'; digits++)
            value = (value * 8) + written[at++] - '0';
        text.Append((char)value);
        return at;
    }

    private static int Hexadecimal(ReadOnlySpan<char> written, int at, int digits, StringBuilder text)
    {
        if (
            at + digits > written.Length
            || !uint.TryParse(written.Slice(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || !Rune.TryCreate(value, out var rune)
        )
        {
            return -1;
        }

        text.Append(rune.ToString());
        return at + digits;
    }
}
