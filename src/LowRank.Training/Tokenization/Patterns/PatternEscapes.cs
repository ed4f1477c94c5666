using System.Globalization;
using LowRank.Training.Json;

namespace LowRank.Training.Tokenization.Patterns;

/// <summary>What stands behind a backslash: a set of characters (<c>\s</c>, <c>\p{L}</c>) or one (<c>\n</c>, <c>\x41</c>).</summary>
/// <param name="reader">The expression.</param>
internal sealed class PatternEscapes(PatternReader reader)
{
    /// <summary>Whether a backslash and the letter behind it are a set of several characters.</summary>
    /// <param name="ahead">How far behind the next character the backslash is.</param>
    public bool IsSet(int ahead) =>
        reader.Peek(ahead) == '\\'
        && reader.Peek(ahead + 1) is 's' or 'S' or 'd' or 'D' or 'w' or 'W' or 'h' or 'H' or 'p' or 'P' or 'N' or 'O';

    /// <summary>The set, whose backslash was taken; that of one character where it is no other.</summary>
    /// <exception cref="PatternException">It is none that is known.</exception>
    public CharacterSet Set()
    {
        switch (reader.Peek(0))
        {
            case 's' or 'S':
                return CharacterSet.Space.Negate(reader.Take() == 'S');
            case 'd' or 'D':
                return CharacterSet.Digit.Negate(reader.Take() == 'D');
            case 'w' or 'W':
                return CharacterSet.Word.Negate(reader.Take() == 'W');
            case 'h' or 'H':
                return CharacterSet.Hexadecimal.Negate(reader.Take() == 'H');
            case 'N':
                reader.Take();
                return CharacterSet.AllButLineFeed;
            case 'O':
                reader.Take();
                return CharacterSet.All;
            case 'p' or 'P':
                return Property(reader.Take() == 'P');
            default:
                return CharacterSet.Of(Character());
        }
    }

    /// <summary>The character, whose backslash was taken.</summary>
    /// <exception cref="PatternException">It is none that is known.</exception>
    public int Character()
    {
        if (reader.IsAtEnd)
            throw reader.Wrong("ends in a backslash");
        var letter = reader.Take();
        switch (letter)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case 'a':
                return '\a';
            case 'e':
                return 0x1B;
            case 'x' when reader.Take('{'):
                return Hexadecimal(reader.TakeUpTo('}') ?? throw reader.Wrong(@"has a \x{ without an end"));
            case 'x':
                return Hexadecimal(reader.TakeDigits(2));
            case 'u':
                return Hexadecimal(reader.TakeDigits(4));
            case '0':
                return 0;
            case < 128 when char.IsAsciiLetterOrDigit((char)letter):
                throw reader.Wrong($@"has \{(char)letter}, which is not supported");
            default:
                return letter;
        }
    }

    private CharacterSet Property(bool negated)
    {
        if (!reader.Take('{'))
            throw reader.Wrong(@"has a \p without a name in braces");
        if (reader.Take('^'))
            negated = !negated;
        var name = reader.TakeUpTo('}') ?? throw reader.Wrong(@"has a \p{ without an end");
        var set = CharacterProperties.Find(name) ?? throw reader.Wrong($@"has \p{{{ShownText.Of(name)}}}, which is not supported");
        return set.Negate(negated);
    }

    private int Hexadecimal(string digits) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var character)
        && character is >= 0 and <= 0x10FFFF
            ? character
            : throw reader.Wrong($"names no character by '{ShownText.Of(digits)}'");
}
