using System.Globalization;

namespace LowRank.Training.Tokenization;

/// <summary>
/// The family of patterns that GPT-4 began and LLaMA 3 and Qwen 2 use: contractions in either case, letters with any one sign before
/// them, digits in short groups, signs with the line ends after them, line ends with the white space before them.
/// </summary>
/// <param name="digits">The most digits in one word.</param>
internal sealed class Gpt4SplitPattern(int digits) : SplitPattern
{
    public override string Expression { get; } =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
        + (digits == 1 ? @"\p{N}" : string.Create(CultureInfo.InvariantCulture, $@"\p{{N}}{{1,{digits}}}"))
        + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public override int EndOfWord(ReadOnlySpan<byte> text, int start)
    {
        var first = text[start];
        if (first == '\'' && ContractionBytes(text[(start + 1)..]) is > 0 and int contraction)
            return start + 1 + contraction;

        var kind = CharacterClasses.At(text, start, out var length);
        var second = start + length;
        CharacterClass? next = second < text.Length ? CharacterClasses.At(text, second, out _) : null;
        if (
            kind == CharacterClass.Letter
            || (kind != CharacterClass.Number && next == CharacterClass.Letter && first is not ((byte)'\r' or (byte)'\n'))
        )
        {
            return CharacterClasses.EndOfRun(text, second, CharacterClass.Letter);
        }

        if (kind == CharacterClass.Number)
            return EndOfNumber(text, start);

        if (kind == CharacterClass.Other || (first == ' ' && next == CharacterClass.Other))
        {
            var end = CharacterClasses.EndOfRun(text, second, CharacterClass.Other);
            while (end < text.Length && text[end] is (byte)'\r' or (byte)'\n')
                end++;

            return end;
        }

        var spaces = CharacterClasses.EndOfRun(text, start, CharacterClass.Space);
        var lineEnd = text[start..spaces].LastIndexOfAny((byte)'\r', (byte)'\n');
        return lineEnd >= 0 ? start + lineEnd + 1 : EndOfSpaces(text, start);
    }

    private int EndOfNumber(ReadOnlySpan<byte> text, int start)
    {
        var end = start;
        for (var i = 0; i < digits && end < text.Length; i++)
        {
            if (CharacterClasses.At(text, end, out var length) != CharacterClass.Number)
                break;

            end += length;
        }

        return end;
    }

    private static int ContractionBytes(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
            return 0;

        if (rest.StartsWith("ſ"u8))
        {
            // The long s is an s to a comparison that ignores case.
            return 2;
        }

        var first = rest[0] | 0x20;
        var second = rest.Length > 1 ? rest[1] | 0x20 : 0;
        return (first, second) switch
        {
            ('s' or 't' or 'm' or 'd', _) => 1,
            ('r' or 'v', 'e') or ('l', 'l') => 2,
            _ => 0,
        };
    }
}
