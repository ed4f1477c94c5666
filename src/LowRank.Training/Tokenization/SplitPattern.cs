namespace LowRank.Training.Tokenization;

/// <summary>
/// How text is cut into words before byte pairs are merged; no merge crosses a cut. The known patterns are scanned by hand, since a
/// regular expression works on UTF-16 and is several times slower.
/// </summary>
internal abstract class SplitPattern
{
    /// <summary>GPT-2's pattern, the one of Hugging Face's <c>ByteLevel</c> pre-tokenizer.</summary>
    public static SplitPattern Gpt2 { get; } = new Gpt2SplitPattern();

    /// <summary>LLaMA 3's pattern: numbers in groups of up to three digits.</summary>
    public static SplitPattern Llama3 { get; } = new Gpt4SplitPattern(digits: 3);

    /// <summary>Qwen 2's pattern: every digit alone.</summary>
    public static SplitPattern Qwen2 { get; } = new Gpt4SplitPattern(digits: 1);

    private static readonly SplitPattern[] Known = [Gpt2, Llama3, Qwen2];

    /// <summary>The regular expression that the pattern is the same as.</summary>
    public abstract string Expression { get; }

    /// <summary>The end of the word that begins at <paramref name="start"/>; larger than <paramref name="start"/>.</summary>
    public abstract int EndOfWord(ReadOnlySpan<byte> text, int start);

    /// <summary>The pattern with this regular expression, or null when it is none of the known ones.</summary>
    public static SplitPattern? Find(string expression) =>
        Array.Find(Known, pattern => string.Equals(pattern.Expression, expression, StringComparison.Ordinal));

    /// <summary>
    /// The end of the word that is a run of white space, <c>\s+(?!\S)|\s+</c>: all of it at the end of the text, otherwise all but its
    /// last character, which begins the next word.
    /// </summary>
    protected static int EndOfSpaces(ReadOnlySpan<byte> text, int start)
    {
        var end = start;
        var last = start;
        while (end < text.Length && CharacterClasses.At(text, end, out var length) == CharacterClass.Space)
        {
            last = end;
            end += length;
        }

        return end == text.Length || last == start ? end : last;
    }
}
