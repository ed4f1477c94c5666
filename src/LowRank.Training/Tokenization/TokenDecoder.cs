using System.Text;
using LowRank.Training.Tokenization.Decoding;

namespace LowRank.Training.Tokenization;

/// <summary>
/// Turns a stream of ids into text as they come. A token can end in the middle of a character, or stand for a byte of one: what is not
/// certain yet is held back, so that all pieces together are the text that the ids have at once. Not safe for threads.
/// </summary>
internal sealed class TokenDecoder
{
    private readonly Tokenizer tokenizer;
    private readonly Decoder utf8 = Encoding.UTF8.GetDecoder();
    private readonly DecodedBytes bytes = new();
    private readonly DecoderStep first;

    public TokenDecoder(Tokenizer tokenizer)
    {
        this.tokenizer = tokenizer;
        first = tokenizer.StartDecoder(bytes);
    }

    /// <summary>The text that is complete with this token; empty for a special token or inside a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is none of the tokenizer's.</exception>
    public string Append(int id)
    {
        tokenizer.Decode(id, first);
        return Convert(flush: false);
    }

    /// <summary>What is left at the end: U+FFFD when the last character is not whole. The decoder can then be used anew.</summary>
    public string Flush()
    {
        first.Complete();
        return Convert(flush: true);
    }

    private string Convert(bool flush)
    {
        var characters = new char[utf8.GetCharCount(bytes.Written, flush)];
        var count = utf8.GetChars(bytes.Written, characters, flush);
        bytes.Clear();
        return new string(characters, 0, count);
    }
}
