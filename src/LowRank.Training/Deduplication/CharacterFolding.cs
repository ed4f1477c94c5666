using System.Globalization;
using System.Text;
using LowRank.Training.Tokenization.Normalization;

namespace LowRank.Training.Deduplication;

/// <summary>What each UTF-16 unit becomes in a normalized text: another one, mostly, or a code, which is no character.</summary>
internal static class CharacterFolding
{
    /// <summary>Stands at the place of half a surrogate pair.</summary>
    public const char Half = '\uD800';

    /// <summary>White space, punctuation or a control character: a space.</summary>
    public const char Space = '\uD801';

    /// <summary>A decimal digit of any script.</summary>
    public const char Digit = '\uD802';

    /// <summary>A mark that takes up no room: nothing.</summary>
    public const char Nothing = '\uD803';

    /// <summary>Several characters, which <see cref="Several"/> has.</summary>
    public const char Many = '\uD804';

    /// <summary>The Greek capital sigma, whose lower case depends on what surrounds it.</summary>
    public const char Sigma = '\uD805';

    private const char CapitalSigma = '\u03A3';
    private const char CapitalDottedI = '\u0130';

    // Beside the control characters. All of ASCII's, but of others only these.
    private const string Punctuation =
        "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\u00AB\u00B4\u00BB\u2013\u2014\u2019\u201C\u201D\u201E\u2026\u2236\u2501\u25BA"
        + "\u3001\u3002\u3008\u3009\u300A\u300B\u300C\u300D\u3010\u3011\uFF01\uFF05\uFF08\uFF09\uFF0C\uFF0E\uFF1A\uFF1B\uFF1F\uFF5E";

    private static readonly Dictionary<int, string> Long = [];

    /// <summary>For each of the 65,536 units its character, or a code.</summary>
    public static char[] Units { get; } = Build();

    /// <summary>Whether an entry of <see cref="Units"/> is a code.</summary>
    public static bool IsCode(char entry) => (entry & 0xF800) == 0xD800;

    /// <summary>The characters that the code <see cref="Many"/> stands for.</summary>
    public static string Several(char unit) => Long[unit];

    /// <summary>What a character beyond the 65,536 becomes; it is no digit.</summary>
    public static string Supplementary(Rune character) => Decomposed(Rune.ToLowerInvariant(character).Value);

    private static char[] Build()
    {
        var units = new char[char.MaxValue + 1];
        for (var unit = 0; unit < units.Length; unit++)
            units[unit] = Entry((char)unit);
        return units;
    }

    private static char Entry(char unit)
    {
        if (char.IsSurrogate(unit))
            return Half;
        if (unit == CapitalSigma)
            return Sigma;
        // Its lower case is an i with a mark.
        var lower = unit == CapitalDottedI ? 'i' : char.ToLowerInvariant(unit);
        if (CharUnicodeInfo.GetUnicodeCategory(lower) == UnicodeCategory.DecimalDigitNumber)
            return Digit;
        if (
            char.IsWhiteSpace(lower)
            || lower is < ' ' or (>= '\u007F' and < '\u00A0')
            || Punctuation.Contains(lower, StringComparison.Ordinal)
        )
            return Space;
        var decomposed = Decomposed(lower);
        if (decomposed.Length == 1)
            return decomposed[0];
        if (decomposed.Length == 0)
            return Nothing;
        Long.Add(unit, decomposed);
        return Many;
    }

    // Marks with room of their own keep the order in which they are written, should a text hold several of different classes in a row.
    private static string Decomposed(int character)
    {
        var parts = new List<int>();
        CanonicalForms.Decompose(character, parts);
        var result = new StringBuilder();
        foreach (var part in parts)
        {
            if (CharUnicodeInfo.GetUnicodeCategory(part) != UnicodeCategory.NonSpacingMark)
                result.Append(new Rune(part));
        }

        return result.ToString();
    }
}
