using System.Text;
using System.Text.Unicode;

namespace LowRank.Training.Tokenization.SentencePiece;

/// <summary>What a piece of a SentencePiece model is.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>What a SentencePiece model file says (Kudo and Richardson, arXiv:1808.06226; <c>sentencepiece_model.proto</c>).</summary>
internal sealed record SentencePieceModel
{
    private const int Unigram = 1;
    private const int BytePairs = 2;

    /// <summary>The pieces by id.</summary>
    public required IReadOnlyList<(string Text, float Score, PieceType Type)> Pieces { get; init; }

    /// <summary>Whether it merges pairs; else it is a unigram model.</summary>
    public bool IsBytePairs { get; init; }

    /// <summary>The rules by which text is normalized; empty for none.</summary>
    public byte[] Rules { get; init; } = [];

    /// <summary>Whether a space is set before a text.</summary>
    public bool AddsPrefix { get; init; }

    /// <summary>Whether white space at the ends and beside other white space is left out.</summary>
    public bool RemovesExtraSpaces { get; init; }

    /// <summary>Whether characters without a piece become their bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Ids of the begin-of-text and the end-of-text piece; null for none.</summary>
    public int? Begin { get; init; }

    public int? End { get; init; }

    /// <summary>Whether a file may be such a model: it begins with a piece, which JSON can't.</summary>
    public static bool IsOne(ReadOnlySpan<byte> file) => file.Length > 0 && file[0] == 0x0A && !LooksLikeJson(file);

    /// <exception cref="InputException">It is damaged, or of a kind that isn't known.</exception>
    public static SentencePieceModel Read(ReadOnlySpan<byte> file, string path)
    {
        var pieces = new List<(string, float, PieceType)>();
        ReadOnlySpan<byte> trainer = [];
        ReadOnlySpan<byte> normalizer = [];
        var reader = new ProtobufReader(file);
        while (reader.Read())
        {
            if (reader.Type != WireType.Delimited)
                continue;
            switch (reader.Field)
            {
                case 1:
                    pieces.Add(ReadPiece(reader.Bytes, path));
                    break;
                case 2:
                    trainer = reader.Bytes;
                    break;
                case 3:
                    normalizer = reader.Bytes;
                    break;
            }
        }

        if (reader.IsDamaged || pieces.Count == 0)
            throw Damaged(path);
        return ReadNormalizer(normalizer, ReadTrainer(trainer, new SentencePieceModel { Pieces = pieces }, path), path);
    }

    private static SentencePieceModel ReadTrainer(ReadOnlySpan<byte> message, SentencePieceModel model, string path)
    {
        var (type, begin, end, fallback, suffix) = (Unigram, 1, 2, false, false);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Type != WireType.Varint)
                continue;
            switch (reader.Field)
            {
                case 3:
                    type = (int)reader.Number;
                    break;
                case 24:
                    suffix = reader.Number != 0;
                    break;
                case 35:
                    fallback = reader.Number != 0;
                    break;
                case 41:
                    begin = (int)reader.Number;
                    break;
                case 42:
                    end = (int)reader.Number;
                    break;
            }
        }

        if (reader.IsDamaged)
            throw Damaged(path);
        if (type is not (Unigram or BytePairs))
            throw TokenizerJsonReader.Refusal(path, "its model_type is neither unigram nor bpe");
        if (suffix)
            throw TokenizerJsonReader.Refusal(path, "it sets spaces behind words (treat_whitespace_as_suffix)");
        return model with
        {
            IsBytePairs = type == BytePairs,
            ByteFallback = fallback,
            Begin = Control(model, begin),
            End = Control(model, end),
        };
    }

    private static int? Control(SentencePieceModel model, int id) =>
        id >= 0 && id < model.Pieces.Count && model.Pieces[id].Type == PieceType.Control ? id : null;

    private static SentencePieceModel ReadNormalizer(ReadOnlySpan<byte> message, SentencePieceModel model, string path)
    {
        var (prefix, extra, escapes, rules) = (true, true, true, Array.Empty<byte>());
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (2, WireType.Delimited):
                    rules = reader.Bytes.ToArray();
                    break;
                case (3, WireType.Varint):
                    prefix = reader.Number != 0;
                    break;
                case (4, WireType.Varint):
                    extra = reader.Number != 0;
                    break;
                case (5, WireType.Varint):
                    escapes = reader.Number != 0;
                    break;
            }
        }

        if (reader.IsDamaged)
            throw Damaged(path);
        return escapes
            ? model with
            {
                Rules = rules,
                AddsPrefix = prefix,
                RemovesExtraSpaces = extra,
            }
            : throw TokenizerJsonReader.Refusal(path, "it leaves spaces as they are (escape_whitespaces is false)");
    }

    private static (string, float, PieceType) ReadPiece(ReadOnlySpan<byte> message, string path)
    {
        var (text, score, type) = ("", 0f, PieceType.Normal);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Delimited) when Utf8.IsValid(reader.Bytes):
                    text = Encoding.UTF8.GetString(reader.Bytes);
                    break;
                case (2, WireType.Four):
                    score = reader.Real;
                    break;
                case (3, WireType.Varint):
                    type = (PieceType)(int)reader.Number;
                    break;
            }
        }

        return !reader.IsDamaged && text.Length > 0 && float.IsFinite(score) && type is >= PieceType.Normal and <= PieceType.Byte
            ? (text, score, type)
            : throw Damaged(path);
    }

    // A line feed may stand before JSON, too.
    private static bool LooksLikeJson(ReadOnlySpan<byte> file)
    {
        var first = file.IndexOfAnyExcept(" \t\r\n"u8);
        return first < 0 || file[first] == '{';
    }

    private static InputException Damaged(string path) => TokenizerJsonReader.Refusal(path, "it is no whole SentencePiece model");
}
