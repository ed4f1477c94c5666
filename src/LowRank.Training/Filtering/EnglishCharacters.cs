using System.Buffers;
using System.Globalization;
using System.Text;

namespace LowRank.Training.Filtering;

/// <summary>What the English splitter asks about a character.</summary>
[Flags]
internal enum EnglishTraits : ushort
{
    None = 0,
    Space = 1,

    /// <summary>A letter, of either case or of a script without cases.</summary>
    Letter = 2,
    Lower = 4,
    Upper = 8,
    Digit = 16,

    /// <summary>A word by itself where it stands first.</summary>
    Prefix = 32,

    /// <summary>A word by itself where it stands last.</summary>
    Suffix = 64,

    /// <summary>May divide what stands around it.</summary>
    Infix = 128,

    /// <summary>A quotation mark.</summary>
    Quote = 256,

    /// <summary>A period after it is a word by itself.</summary>
    BeforePeriod = 512,

    /// <summary>Half of a character beyond the basic plane.</summary>
    Surrogate = 1024,
}

/// <summary>
/// Traits of characters, after the rules of spaCy's English. Letters and symbols are those of Unicode there and here; scripts without
/// cases count as both cases.
/// </summary>
internal static class EnglishCharacters
{
    private const string Marks = "…,:;!?¿؟¡()[]{}<>_#*&。？！，、；：～·।،۔؛٪";
    private const string Quotes = "'\"”“`‘´’‚,„»«「」『』（）〔〕【】《》〈〉〈〉⟦⟧";
    private const string Currencies = "$£€¥฿﷼₠₡₢₣₤₥₦₧₨₩₪₫₭₮₯₰₱₲₳₴₵₶₷₸₹₺₻₼₽₾₿";
    private const string Dividers = ".,-–—~+*^:<>=/…";

    private static readonly EnglishTraits[] Table = MakeTable();

    /// <summary>The traits of every UTF-16 unit.</summary>
    public static ReadOnlySpan<EnglishTraits> Traits => Table;

    /// <summary>The traits of the character that begins at <paramref name="at"/>; none at the end.</summary>
    public static EnglishTraits At(ReadOnlySpan<char> text, int at)
    {
        if ((uint)at >= (uint)text.Length)
            return EnglishTraits.None;
        var traits = Table[text[at]];
        return (traits & EnglishTraits.Surrogate) == 0 ? traits
            : Rune.DecodeFromUtf16(text[at..], out var rune, out _) == OperationStatus.Done ? Of(rune)
            : EnglishTraits.None;
    }

    /// <summary>The traits of the character that ends before <paramref name="end"/>; none at the beginning.</summary>
    public static EnglishTraits Before(ReadOnlySpan<char> text, int end)
    {
        if (end <= 0)
            return EnglishTraits.None;
        var traits = Table[text[end - 1]];
        return (traits & EnglishTraits.Surrogate) == 0 ? traits : At(text, Math.Max(0, end - 2));
    }

    private static EnglishTraits[] MakeTable()
    {
        var table = new EnglishTraits[char.MaxValue + 1];
        for (var value = 0; value < table.Length; value++)
            table[value] = Of((char)value);
        return table;
    }

    private static EnglishTraits Of(char value)
    {
        if (char.IsSurrogate(value))
            return EnglishTraits.Surrogate;
        if (PythonText.IsSpace(value))
            return EnglishTraits.Space;

        var traits = Of(new Rune(value));
        var isMark = Marks.Contains(value) || Quotes.Contains(value);
        if (isMark || value is '—' or '–')
            traits |= EnglishTraits.Prefix | EnglishTraits.Suffix;
        if (value is '§' or '%' or '=' || Currencies.Contains(value))
            traits |= EnglishTraits.Prefix;
        if (Dividers.Contains(value))
            traits |= EnglishTraits.Infix;
        if (Quotes.Contains(value))
            traits |= EnglishTraits.Quote;
        if (isMark || value is '%' or '²' or '-' or '+' or '|')
            traits |= EnglishTraits.BeforePeriod;
        if (char.IsAsciiDigit(value))
            traits |= EnglishTraits.Digit | EnglishTraits.BeforePeriod;
        return traits;
    }

    private static EnglishTraits Of(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            _ when rune.Value is 'ª' or 'º' or 'µ' => EnglishTraits.None,
            // Beyond the basic plane, letters with a case are mathematical signs or scripts of the past.
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter when !rune.IsBmp => EnglishTraits.None,
            UnicodeCategory.UppercaseLetter => EnglishTraits.Letter | EnglishTraits.Upper,
            UnicodeCategory.TitlecaseLetter => EnglishTraits.Letter,
            UnicodeCategory.LowercaseLetter => EnglishTraits.Letter | EnglishTraits.Lower | EnglishTraits.BeforePeriod,
            UnicodeCategory.OtherLetter => EnglishTraits.Letter | EnglishTraits.Lower | EnglishTraits.Upper | EnglishTraits.BeforePeriod,
            UnicodeCategory.OtherSymbol => EnglishTraits.Prefix | EnglishTraits.Suffix | EnglishTraits.Infix,
            _ => EnglishTraits.None,
        };
}
