namespace LowRank.Training.Tokenization.Decoding;

/// <summary>Takes out the spaces that tokenizing set before punctuation and English contractions, as Hugging Face's library does.</summary>
internal static class TokenCleanup
{
    private static readonly (byte[] Old, byte[] New)[] Replacements =
    [
        (" ."u8.ToArray(), "."u8.ToArray()),
        (" ?"u8.ToArray(), "?"u8.ToArray()),
        (" !"u8.ToArray(), "!"u8.ToArray()),
        (" ,"u8.ToArray(), ","u8.ToArray()),
        (" ' "u8.ToArray(), "'"u8.ToArray()),
        (" n't"u8.ToArray(), "n't"u8.ToArray()),
        (" 'm"u8.ToArray(), "'m"u8.ToArray()),
        (" do not"u8.ToArray(), " don't"u8.ToArray()),
        (" 's"u8.ToArray(), "'s"u8.ToArray()),
        (" 've"u8.ToArray(), "'ve"u8.ToArray()),
        (" 're"u8.ToArray(), "'re"u8.ToArray()),
    ];

    public static ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> text)
    {
        foreach (var (old, replacement) in Replacements)
            text = Utf8Replacement.Replace(text, old, replacement);
        return text;
    }
}
