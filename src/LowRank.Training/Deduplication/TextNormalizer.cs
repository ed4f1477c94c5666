using System.Buffers;
using System.Globalization;
using System.Text;

namespace LowRank.Training.Deduplication;

/// <summary>
/// A text as its shingles see it, so that texts which differ in form alone are alike: lower case; every number a 0; punctuation and white
/// space one space; letters without their marks. As datatrove's <c>simplify_text</c>, whose signatures depend on it. For one thread.
/// </summary>
internal sealed class TextNormalizer
{
    // What can stand between the two halves of a decimal number.
    private const string DecimalSeparators = ".,\u060C\u066B\u2396\u2397\u2398";

    // Apostrophes, stops and colons of several scripts, which can stand within a word.
    private const string WithinWords = "'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

    private static readonly char[] Units = CharacterFolding.Units;

    private char[] result = [];
    private int length;

    /// <summary>The normalized text; valid until the next call. Words are separated by spaces, none stands at an end.</summary>
    public ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        length = 0;
        Reserve(text.Length);
        var units = Units;
        // No space at the beginning.
        var follows = true;
        for (var index = 0; index < text.Length; )
        {
            var entry = units[text[index]];
            if (!CharacterFolding.IsCode(entry))
            {
                result[length++] = entry;
                follows = false;
                index++;
            }
            else if (entry == CharacterFolding.Space)
            {
                if (!follows)
                    result[length++] = ' ';
                follows = true;
                index++;
            }
            else
            {
                follows = false;
                index += Write(entry, text, index);
            }
        }

        return result.AsSpan(0, length).Trim(' ');
    }

    // Returns the number of units that were read.
    private int Write(char entry, ReadOnlySpan<char> text, int index)
    {
        switch (entry)
        {
            case CharacterFolding.Digit:
                return WriteNumber(text, index);
            case CharacterFolding.Many:
                Append(CharacterFolding.Several(text[index]), text.Length - index - 1);
                return 1;
            case CharacterFolding.Sigma:
                result[length++] = IsFinal(text, index) ? 'ς' : 'σ';
                return 1;
            case CharacterFolding.Half:
                return WriteSupplementary(text, index);
            default:
                return 1;
        }
    }

    private int WriteNumber(ReadOnlySpan<char> text, int start)
    {
        var end = AfterDigits(text, start);
        if (end + 1 < text.Length && DecimalSeparators.Contains(text[end], StringComparison.Ordinal))
        {
            var decimals = AfterDigits(text, end + 1);
            if (decimals > end + 1)
                end = decimals;
        }

        result[length++] = '0';
        return end - start;
    }

    private static int AfterDigits(ReadOnlySpan<char> text, int index)
    {
        while (index < text.Length)
        {
            if (Units[text[index]] == CharacterFolding.Digit)
                index++;
            else if (IsSupplementaryDigit(text, index))
                index += 2;
            else
                break;
        }

        return index;
    }

    private static bool IsSupplementaryDigit(ReadOnlySpan<char> text, int index) =>
        Rune.DecodeFromUtf16(text[index..], out var rune, out _) == OperationStatus.Done
        && rune.Utf16SequenceLength == 2
        && Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;

    private int WriteSupplementary(ReadOnlySpan<char> text, int index)
    {
        if (Rune.DecodeFromUtf16(text[index..], out var rune, out _) != OperationStatus.Done)
        {
            Append("\uFFFD", text.Length - index - 1);
            return 1;
        }

        if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            return WriteNumber(text, index);
        Append(CharacterFolding.Supplementary(rune), text.Length - index - 2);
        return 2;
    }

    // Unicode's rule for its lower case: a letter before it, none behind it, whatever marks stand between.
    private static bool IsFinal(ReadOnlySpan<char> text, int index) => IsCasedBefore(text[..index]) && !IsCasedBehind(text[(index + 1)..]);

    private static bool IsCasedBefore(ReadOnlySpan<char> text)
    {
        while (Rune.DecodeLastFromUtf16(text, out var rune, out var length) == OperationStatus.Done)
        {
            if (!IsPassedOver(rune))
                return IsCased(rune);
            text = text[..^length];
        }

        return false;
    }

    private static bool IsCasedBehind(ReadOnlySpan<char> text)
    {
        while (Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done)
        {
            if (!IsPassedOver(rune))
                return IsCased(rune);
            text = text[length..];
        }

        return false;
    }

    // Letters in circles have a case, too.
    private static bool IsCased(Rune character) =>
        Rune.GetUnicodeCategory(character)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
        || character.Value is >= 0x24B6 and <= 0x24E9;

    private static bool IsPassedOver(Rune character) =>
        Rune.GetUnicodeCategory(character)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.ModifierSymbol
        || (character.IsBmp && WithinWords.Contains((char)character.Value, StringComparison.Ordinal));

    private void Append(string characters, int left)
    {
        Reserve(characters.Length + left);
        characters.CopyTo(result.AsSpan(length));
        length += characters.Length;
    }

    // Room for what is written next and one character for each that is left.
    private void Reserve(int more)
    {
        if (result.Length - length < more)
            Array.Resize(ref result, checked((length + more) * 3 / 2 + 16));
    }
}
