using System.Globalization;
using System.Text;

namespace LowRank.Training.Tokenization.Patterns;

/// <summary>A set of characters (code points), as a regular expression names it.</summary>
internal abstract class CharacterSet
{
    private bool[]? ascii;

    /// <summary>Whether it holds a character.</summary>
    public bool Contains(int character) => character < 128 ? (ascii ??= Table())[character] : Holds(character);

    /// <summary>The same set without what <paramref name="negated"/> asks to leave out: all others.</summary>
    public CharacterSet Negate(bool negated = true) => negated ? new Complement(this) : this;

    protected abstract bool Holds(int character);

    private bool[] Table() => [.. Enumerable.Range(0, 128).Select(Holds)];

    /// <summary>White space, which is what <c>\s</c> means.</summary>
    public static CharacterSet Space { get; } =
        new Predicate(character => Rune.IsValid(character) && Rune.IsWhiteSpace(new Rune(character)));

    /// <summary>Letters, marks, decimal digits and connectors, which is what <c>\w</c> means.</summary>
    public static CharacterSet Word { get; } = new Predicate(IsOfWord);

    /// <summary>Decimal digits.</summary>
    public static CharacterSet Digit { get; } = Category(UnicodeCategory.DecimalDigitNumber);

    /// <summary>Hexadecimal digits.</summary>
    public static CharacterSet Hexadecimal { get; } = new Predicate(character => character < 128 && char.IsAsciiHexDigit((char)character));

    /// <summary>All characters.</summary>
    public static CharacterSet All { get; } = new Predicate(_ => true);

    /// <summary>All characters but the line feed.</summary>
    public static CharacterSet AllButLineFeed { get; } = new Predicate(character => character != '\n');

    /// <summary>One character.</summary>
    public static CharacterSet Of(int character) => new Ranges([(character, character)]);

    /// <summary>All from one character to another, both included.</summary>
    public static CharacterSet Range(int first, int last) => new Ranges([(first, last)]);

    /// <summary>All characters in ranges that are in order.</summary>
    public static CharacterSet Of(IReadOnlyList<(int First, int Last)> ranges) => new Ranges([.. ranges]);

    /// <summary>All characters of some categories.</summary>
    public static CharacterSet Category(params ReadOnlySpan<UnicodeCategory> categories)
    {
        var mask = 0;
        foreach (var category in categories)
            mask |= 1 << (int)category;
        return new Categories(mask);
    }

    /// <summary>What is in any of several sets.</summary>
    public static CharacterSet Union(IReadOnlyList<CharacterSet> sets) => sets.Count == 1 ? sets[0] : new Joined([.. sets]);

    /// <summary>What is in both of two sets.</summary>
    public static CharacterSet Intersection(CharacterSet one, CharacterSet other) =>
        new Predicate(character => one.Contains(character) && other.Contains(character));

    /// <summary>A set with the other cases of its characters.</summary>
    public static CharacterSet IgnoringCase(CharacterSet set) =>
        new Predicate(character =>
        {
            if (set.Contains(character))
                return true;
            foreach (var other in CaseVariants.Of(character))
            {
                if (set.Contains(other))
                    return true;
            }

            return false;
        });

    private static bool IsOfWord(int character) =>
        CharUnicodeInfo.GetUnicodeCategory(character)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber
                or UnicodeCategory.ConnectorPunctuation
        // Letters in circles and squares, which are symbols by their category.
        || character
            is (>= 0x24B6 and <= 0x24E9)
                or (>= 0x1F130 and <= 0x1F149)
                or (>= 0x1F150 and <= 0x1F169)
                or (>= 0x1F170 and <= 0x1F189);

    /// <summary>Whether a character is of a word to Rust's regular expressions, which count joiners in.</summary>
    public static bool IsOfWordOrJoins(int character) => Word.Contains(character) || character is 0x200C or 0x200D;

    private sealed class Ranges((int First, int Last)[] ranges) : CharacterSet
    {
        protected override bool Holds(int character)
        {
            var (low, high) = (0, ranges.Length - 1);
            while (low <= high)
            {
                var middle = (low + high) / 2;
                if (character < ranges[middle].First)
                    high = middle - 1;
                else if (character > ranges[middle].Last)
                    low = middle + 1;
                else
                    return true;
            }

            return false;
        }
    }

    private sealed class Categories(int mask) : CharacterSet
    {
        protected override bool Holds(int character) => (mask >> (int)CharUnicodeInfo.GetUnicodeCategory(character) & 1) != 0;
    }

    private sealed class Joined(CharacterSet[] sets) : CharacterSet
    {
        protected override bool Holds(int character)
        {
            foreach (var set in sets)
            {
                if (set.Contains(character))
                    return true;
            }

            return false;
        }
    }

    private sealed class Complement(CharacterSet set) : CharacterSet
    {
        protected override bool Holds(int character) => !set.Contains(character);
    }

    private sealed class Predicate(Func<int, bool> holds) : CharacterSet
    {
        protected override bool Holds(int character) => holds(character);
    }
}
