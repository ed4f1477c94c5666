using System.Text;
using LowRank.Training.Json;
using LowRank.Training.Tokenization.Decoding;
using LowRank.Training.Tokenization.Splitting;

namespace LowRank.Training.Tokenization;

/// <summary>Reads how the tokens of a <c>tokenizer.json</c> become text again.</summary>
internal static class TokenizerJsonDecoder
{
    /// <summary>The steps; without a decoder tokens stand with spaces between them.</summary>
    /// <exception cref="InputException">A step is of an unknown kind.</exception>
    public static IReadOnlyList<DecoderPart> Read(JsonPlace root, string path)
    {
        if (root.Optional("decoder") is not { } decoder)
            return [new DecoderPart((_, next) => new SpacedTokens(next))];
        var parts = new List<DecoderPart>();
        Add(decoder, parts, path);
        TokenizerJsonReader.RefuseMany(parts.Count, "decoder", path);
        return parts;
    }

    /// <summary>Whether the only step is <c>ByteLevel</c>.</summary>
    public static bool IsByteLevel(JsonPlace root) =>
        root.Optional("decoder")?.Optional("type") is { IsText: true } type && type.Text() == "ByteLevel";

    private static void Add(JsonPlace decoder, List<DecoderPart> parts, string path)
    {
        switch (decoder.At("type").Text())
        {
            case "Sequence":
                foreach (var part in decoder.At("decoders").Elements())
                    Add(part, parts, path);
                break;
            case "ByteLevel":
                parts.Add(new DecoderPart((_, next) => new ByteLevelTokens(next)) { Fuses = true });
                break;
            case "ByteFallback":
                parts.Add(new DecoderPart((_, next) => new ByteFallbackTokens(next)));
                break;
            case "Fuse":
                parts.Add(new DecoderPart((_, next) => next) { Fuses = true });
                break;
            case "Replace":
                var replacement = TokenizerJsonNormalizer.Replacement(decoder, path);
                parts.Add(new DecoderPart((_, next) => new ReplaceTokens(replacement, next)));
                break;
            case "Strip":
                parts.Add(Strip(decoder));
                break;
            case "Metaspace":
                var sign = Bytes(decoder.At("replacement"));
                var isPrepended = TokenizerJsonPreTokenizer.Scheme(decoder) != PrependScheme.Never;
                parts.Add(new DecoderPart((_, next) => new MetaspaceTokens(sign, isPrepended, next)));
                break;
            case "WordPiece":
                var (prefix, cleans) = (Bytes(decoder.At("prefix")), Flag(decoder, "cleanup"));
                parts.Add(new DecoderPart((_, next) => new WordPieceTokens(prefix, cleans, next)));
                break;
            case "BPEDecoder":
                var suffix = Bytes(decoder.At("suffix"));
                parts.Add(new DecoderPart((_, next) => new SuffixedTokens(suffix, next)));
                break;
            case "CTC":
                var (padding, delimiter) = (Bytes(decoder.At("pad_token")), Bytes(decoder.At("word_delimiter_token")));
                var cleanup = Flag(decoder, "cleanup");
                parts.Add(new DecoderPart((_, next) => new CtcTokens(padding, delimiter, cleanup, next)));
                break;
            case var other:
                throw TokenizerJsonReader.Refusal(path, $"its decoder is {ShownText.Of(other)}, which is not known");
        }
    }

    private static DecoderPart Strip(JsonPlace decoder)
    {
        var content = Bytes(decoder.At("content"));
        var (start, stop) = ((int)decoder.At("start").Whole(0, int.MaxValue), (int)decoder.At("stop").Whole(0, int.MaxValue));
        return new DecoderPart((isFused, next) => new StrippedTokens(content, start, stop, isFused, next)) { StripsBeginning = stop == 0 };
    }

    private static byte[] Bytes(JsonPlace text) => Encoding.UTF8.GetBytes(text.Text());

    private static bool Flag(JsonPlace step, string name) => step.Optional(name)?.Flag() ?? false;
}
