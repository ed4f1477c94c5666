using System.Buffers;

namespace LowRank.Training.Tokenization;

/// <summary>Replaces parts of UTF-8 text.</summary>
internal static class Utf8Replacement
{
    /// <summary>The text with another in the place of one; the same memory where that isn't found.</summary>
    public static ReadOnlySpan<byte> Replace(ReadOnlySpan<byte> text, ReadOnlySpan<byte> old, ReadOnlySpan<byte> replacement)
    {
        var found = old.IsEmpty ? -1 : text.IndexOf(old);
        if (found < 0)
            return text;
        var result = new ArrayBufferWriter<byte>(text.Length + replacement.Length);
        while (found >= 0)
        {
            result.Write(text[..found]);
            result.Write(replacement);
            text = text[(found + old.Length)..];
            found = text.IndexOf(old);
        }

        result.Write(text);
        return result.WrittenSpan;
    }
}
