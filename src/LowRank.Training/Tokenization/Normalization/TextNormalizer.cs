using System.Buffers;
using System.Text;
using LowRank.Training.Tokenization.Patterns;

namespace LowRank.Training.Tokenization.Normalization;

/// <summary>Rewrites text before it is split. Bytes that are no UTF-8 stay as they are. Safe for threads.</summary>
internal abstract class TextNormalizer
{
    /// <summary>The normalized text; the same memory where nothing changes.</summary>
    public abstract ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text, CancellationToken cancellation);
}

/// <summary>One after the other.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<TextNormalizer> normalizers) : TextNormalizer
{
    public override ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text, CancellationToken cancellation)
    {
        foreach (var normalizer in normalizers)
            text = normalizer.Normalize(text, cancellation);
        return text;
    }
}

/// <summary>One of Unicode's normalization forms.</summary>
internal sealed class FormNormalizer(NormalizationForm form) : TextNormalizer
{
    public override ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text, CancellationToken cancellation) =>
        UnicodeForms.Normalize(text, form, cancellation);
}

/// <summary>Sets a text before every text that isn't empty.</summary>
internal sealed class PrependNormalizer(byte[] prefix) : TextNormalizer
{
    public override ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text, CancellationToken cancellation) =>
        text.IsEmpty ? text : (byte[])[.. prefix, .. text];
}

/// <summary>Takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : TextNormalizer
{
    public override ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text, CancellationToken cancellation)
    {
        while (left && Rune.DecodeFromUtf8(text, out var first, out var length) == OperationStatus.Done && Rune.IsWhiteSpace(first))
            text = text[length..];
        while (right && Rune.DecodeLastFromUtf8(text, out var last, out var length) == OperationStatus.Done && Rune.IsWhiteSpace(last))
            text = text[..^length];
        return text;
    }
}

/// <summary>Replaces a text.</summary>
internal sealed class ReplaceNormalizer(byte[] old, byte[] content) : TextNormalizer
{
    public override ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text, CancellationToken cancellation) =>
        Utf8Replacement.Replace(text, old, content);
}

/// <summary>Replaces what matches a regular expression.</summary>
internal sealed class PatternReplaceNormalizer(PatternProgram program, byte[] content) : TextNormalizer
{
    public override ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text, CancellationToken cancellation)
    {
        if (text.IsEmpty)
            return text;
        var matcher = new PatternMatcher(program);
        matcher.Begin(text.Length);
        var result = new ArrayBufferWriter<byte>(text.Length);
        var (taken, lastEnd) = (0, -1);
        while (taken <= text.Length && matcher.TryFind(text, taken, lastEnd, out var match))
        {
            cancellation.ThrowIfCancellationRequested();
            result.Write(text[taken..match.Start]);
            result.Write(content);
            (taken, lastEnd) = (match.End, match.End);
        }

        if (lastEnd < 0)
            return text;
        result.Write(text[taken..]);
        return result.WrittenSpan;
    }
}

/// <summary>Writes text in the byte-level alphabet.</summary>
internal sealed class ByteLevelNormalizer : TextNormalizer
{
    public override ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text, CancellationToken cancellation) =>
        Encoding.UTF8.GetBytes(ByteAlphabet.Write(text));
}
