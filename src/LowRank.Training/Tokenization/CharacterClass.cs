using System.Buffers;
using System.Globalization;
using System.Text;

namespace LowRank.Training.Tokenization;

/// <summary>What the splitting patterns tell apart: <c>\p{L}</c>, <c>\p{N}</c>, <c>\s</c> and the rest.</summary>
internal enum CharacterClass : byte
{
    Other,
    Letter,
    Number,
    Space,
}

/// <summary>
/// Classes of the characters of UTF-8 text. A byte that begins no valid character counts as one character of class Other.
/// </summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] Ascii = [.. Enumerable.Range(0, 128).Select(value => Classify(new Rune(value)))];

    /// <summary>The class of the character at <paramref name="start"/>, and its length in bytes.</summary>
    public static CharacterClass At(ReadOnlySpan<byte> text, int start, out int length)
    {
        var first = text[start];
        if (first < 128)
        {
            length = 1;
            return Ascii[first];
        }

        if (Rune.DecodeFromUtf8(text[start..], out var rune, out length) != OperationStatus.Done)
        {
            // Bytes of a broken character are taken one at a time, so that the split does not depend on what follows them.
            length = 1;
            return CharacterClass.Other;
        }

        return Classify(rune);
    }

    /// <summary>The end of the longest run of class <paramref name="kind"/> from <paramref name="start"/> on.</summary>
    public static int EndOfRun(ReadOnlySpan<byte> text, int start, CharacterClass kind)
    {
        var end = start;
        while (end < text.Length && At(text, end, out var length) == kind)
            end += length;

        return end;
    }

    private static CharacterClass Classify(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune))
            return CharacterClass.Space;

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter => CharacterClass.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
            _ => CharacterClass.Other,
        };
    }
}
