namespace LowRank.Training.Tokenization;

/// <summary>Contractions; letters, digits or signs with at most one space before them; white space.</summary>
internal sealed class Gpt2SplitPattern : SplitPattern
{
    public override string Expression => @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public override int EndOfWord(ReadOnlySpan<byte> text, int start)
    {
        var first = text[start];
        if (first == '\'')
        {
            var letters = ContractionLetters(text[(start + 1)..]);
            if (letters > 0)
                return start + 1 + letters;
        }

        var body = first == ' ' && start + 1 < text.Length ? start + 1 : start;
        var kind = CharacterClasses.At(text, body, out var length);
        return kind == CharacterClass.Space ? EndOfSpaces(text, start) : CharacterClasses.EndOfRun(text, body + length, kind);
    }

    private static int ContractionLetters(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
            return 0;

        if (rest[0] is (byte)'s' or (byte)'t' or (byte)'m' or (byte)'d')
            return 1;

        return rest.StartsWith("re"u8) || rest.StartsWith("ve"u8) || rest.StartsWith("ll"u8) ? 2 : 0;
    }
}
