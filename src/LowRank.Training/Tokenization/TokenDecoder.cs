using System.Text;

namespace LowRank.Training.Tokenization;

/// <summary>
/// Turns a stream of ids into text as they come. A token can end in the middle of a character: its bytes are held back until the
/// character is whole. Not safe for threads.
/// </summary>
internal sealed class TokenDecoder(Tokenizer tokenizer)
{
    private readonly Decoder utf8 = Encoding.UTF8.GetDecoder();

    /// <summary>The text that is complete with this token; empty for a special token or inside a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is none of the tokenizer's.</exception>
    public string Append(int id) => Convert(tokenizer.TokenBytes(id), flush: false);

    /// <summary>What is left at the end: U+FFFD when the last character is not whole. The decoder can then be used anew.</summary>
    public string Flush() => Convert([], flush: true);

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        var characters = new char[utf8.GetCharCount(bytes, flush)];
        var count = utf8.GetChars(bytes, characters, flush);
        return new string(characters, 0, count);
    }
}
