using System.Buffers;
using System.Globalization;
using System.Text;
using LowRank.Training.Tokenization.Normalization;

namespace LowRank.Training.Tokenization.Decoding;

/// <summary>Rewrites every token by itself: <c>Replace</c>.</summary>
internal sealed class ReplaceTokens(TextNormalizer replacement, DecoderStep next) : DecoderStep
{
    public override void Take(ReadOnlySpan<byte> token) => next.Take(replacement.Normalize(token, CancellationToken.None));

    public override void Complete() => next.Complete();
}

/// <summary><c>ByteLevel</c>: from the byte-level alphabet to bytes; a token with a character outside of it is text.</summary>
internal sealed class ByteLevelTokens(DecoderStep next) : DecoderStep
{
    public override void Take(ReadOnlySpan<byte> token) =>
        next.Take(ByteAlphabet.TryRead(Encoding.UTF8.GetString(token), out var bytes) ? bytes : token);

    public override void Complete() => next.Complete();
}

/// <summary>
/// <c>ByteFallback</c>: tokens <c>&lt;0x41&gt;</c> become bytes. Those in a row are text together, or each of them U+FFFD, so they are
/// held until another token comes.
/// </summary>
internal sealed class ByteFallbackTokens(DecoderStep next) : DecoderStep
{
    private readonly List<byte> held = [];

    public override void Take(ReadOnlySpan<byte> token)
    {
        if (
            token.Length == 6
            && token.StartsWith("<0x"u8)
            && token[5] == '>'
            && byte.TryParse(token[3..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        )
        {
            held.Add(value);
            return;
        }

        Release();
        next.Take(token);
    }

    public override void Complete()
    {
        Release();
        next.Complete();
    }

    private void Release()
    {
        byte[] bytes = [.. held];
        held.Clear();
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            if (bytes.Length > 0)
                next.Take(bytes);
            return;
        }

        foreach (var _ in bytes)
            next.Take("\uFFFD"u8);
    }
}

/// <summary><c>Fuse</c> before steps that need all of a text at once: holds it whole.</summary>
internal sealed class FusedTokens(DecoderStep next) : DecoderStep
{
    private readonly ArrayBufferWriter<byte> held = new();

    public override void Take(ReadOnlySpan<byte> token) => held.Write(token);

    public override void Complete()
    {
        next.Take(held.WrittenSpan);
        held.ResetWrittenCount();
        next.Complete();
    }
}

/// <summary><c>Strip</c>: takes a character off the ends of every token, or, where all tokens are one text, off its beginning.</summary>
/// <param name="content">The character in UTF-8.</param>
/// <param name="start">How often at most at the beginning.</param>
/// <param name="stop">How often at most at the end.</param>
/// <param name="isFused">Whether all tokens are one text.</param>
/// <param name="next">Gets what is left.</param>
internal sealed class StrippedTokens(byte[] content, int start, int stop, bool isFused, DecoderStep next) : DecoderStep
{
    /// <summary>
    /// How often it was taken off the beginning; what is left can't begin with it any more once there was something else.
    /// </summary>
    private int taken;

    public override void Take(ReadOnlySpan<byte> token)
    {
        if (!isFused)
            taken = 0;
        while (taken < start && content.Length > 0 && token.StartsWith(content))
        {
            token = token[content.Length..];
            taken++;
        }

        if (!token.IsEmpty)
            taken = start;
        for (var count = 0; !isFused && count < stop && content.Length > 0 && token.EndsWith(content); count++)
            token = token[..^content.Length];
        next.Take(token);
    }

    public override void Complete()
    {
        taken = 0;
        next.Complete();
    }
}

/// <summary><c>Metaspace</c>: the sign of a space becomes one, but for the first token's where one was set before the text.</summary>
internal sealed class MetaspaceTokens(byte[] sign, bool isPrepended, DecoderStep next) : DecoderStep
{
    private bool isFirst = true;

    public override void Take(ReadOnlySpan<byte> token)
    {
        next.Take(Utf8Replacement.Replace(token, sign, isFirst && isPrepended ? [] : " "u8));
        isFirst = false;
    }

    public override void Complete()
    {
        isFirst = true;
        next.Complete();
    }
}

/// <summary><c>WordPiece</c>: a token without the prefix begins a word.</summary>
internal sealed class WordPieceTokens(byte[] prefix, bool cleans, DecoderStep next) : DecoderStep
{
    private bool isFirst = true;

    public override void Take(ReadOnlySpan<byte> token)
    {
        var text =
            isFirst ? token
            : token.StartsWith(prefix) ? token[prefix.Length..]
            : (byte[])[(byte)' ', .. token];
        isFirst = false;
        next.Take(cleans ? TokenCleanup.Clean(text) : text);
    }

    public override void Complete()
    {
        isFirst = true;
        next.Complete();
    }
}

/// <summary><c>BPEDecoder</c>: the suffix that ends words becomes a space, but for the last token's.</summary>
internal sealed class SuffixedTokens(byte[] suffix, DecoderStep next) : DecoderStep
{
    private byte[]? last;

    public override void Take(ReadOnlySpan<byte> token)
    {
        if (last is not null)
            next.Take(Utf8Replacement.Replace(last, suffix, " "u8));
        last = token.ToArray();
    }

    public override void Complete()
    {
        if (last is not null)
            next.Take(Utf8Replacement.Replace(last, suffix, []));
        last = null;
        next.Complete();
    }
}

/// <summary><c>CTC</c>: equal tokens in a row are one, padding is left out.</summary>
internal sealed class CtcTokens(byte[] padding, byte[] delimiter, bool cleans, DecoderStep next) : DecoderStep
{
    private byte[]? last;

    public override void Take(ReadOnlySpan<byte> token)
    {
        if (last is not null && token.SequenceEqual(last))
            return;
        last = token.ToArray();
        var text = Utf8Replacement.Replace(token, padding, []);
        if (cleans)
            text = Utf8Replacement.Replace(TokenCleanup.Clean(text), delimiter, " "u8);
        if (!text.IsEmpty)
            next.Take(text);
    }

    public override void Complete()
    {
        last = null;
        next.Complete();
    }
}

/// <summary>Where a file has no decoder its tokens stand with spaces between them.</summary>
internal sealed class SpacedTokens(DecoderStep next) : DecoderStep
{
    private bool isFirst = true;

    public override void Take(ReadOnlySpan<byte> token)
    {
        if (!isFirst)
            next.Take(" "u8);
        isFirst = false;
        next.Take(token);
    }

    public override void Complete()
    {
        isFirst = true;
        next.Complete();
    }
}
