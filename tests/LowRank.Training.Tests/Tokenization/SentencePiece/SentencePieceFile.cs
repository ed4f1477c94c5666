using System.Buffers.Binary;
using System.Text;

namespace LowRank.Training.Tests.Tokenization.SentencePiece;

/// <summary>Writes SentencePiece model files, field by field.</summary>
internal sealed class SentencePieceFile
{
    private readonly List<byte> bytes = [];

    public const int Normal = 1;
    public const int Unknown = 2;
    public const int Control = 3;
    public const int UserDefined = 4;
    public const int Byte = 6;

    /// <summary>A unigram or byte-pair model over a few words.</summary>
    public static byte[] Small(bool bytePairs, bool fallback = true, bool prefix = true, bool extraSpaces = false, byte[]? rules = null)
    {
        var file = new SentencePieceFile();
        file.Piece("<unk>", 0, Unknown);
        file.Piece("<s>", 0, Control);
        file.Piece("</s>", 0, Control);
        file.Piece("<user>", 0, UserDefined);
        for (var value = 0; fallback && value < 256; value++)
            file.Piece($"<0x{value:X2}>", 0, Byte);
        var score = 0f;
        foreach (
            var piece in (string[])
                [
                    "▁t",
                    "he",
                    "▁the",
                    "in",
                    "er",
                    "▁a",
                    "re",
                    "on",
                    "ing",
                    "▁▁",
                    "▁re",
                    "ere",
                    "here",
                    "▁there",
                    "lo",
                    "ll",
                    "llo",
                    "▁he",
                    "▁hello",
                ]
        )
            file.Piece(piece, bytePairs ? -score++ : -3 - score++ / 4, Normal);
        foreach (var letter in "▁abcdefghijklmnopqrstuvwxyz.,!?é世")
            file.Piece(letter.ToString(), bytePairs ? -score++ : -9, Normal);
        return file.Finish(bytePairs, fallback, prefix, extraSpaces, rules);
    }

    public void Piece(string text, float score, int type)
    {
        var piece = new SentencePieceFile();
        piece.Message(1, Encoding.UTF8.GetBytes(text));
        piece.Number(2, 5);
        Span<byte> real = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(real, score);
        piece.bytes.AddRange(real);
        if (type != Normal)
            piece.Varint(3, (ulong)type);
        Message(1, [.. piece.bytes]);
    }

    public byte[] Finish(bool bytePairs, bool fallback, bool prefix, bool extraSpaces, byte[]? rules = null)
    {
        var trainer = new SentencePieceFile();
        trainer.Message(1, "corpus.txt"u8);
        trainer.Varint(3, bytePairs ? 2u : 1u);
        trainer.Varint(35, fallback ? 1u : 0u);
        Message(2, [.. trainer.bytes]);
        var normalizer = new SentencePieceFile();
        normalizer.Message(1, "identity"u8);
        if (rules is not null)
            normalizer.Message(2, rules);
        normalizer.Varint(3, prefix ? 1u : 0u);
        normalizer.Varint(4, extraSpaces ? 1u : 0u);
        Message(3, [.. normalizer.bytes]);
        return [.. bytes];
    }

    private void Message(int field, ReadOnlySpan<byte> content)
    {
        Number(field, 2);
        Raw((ulong)content.Length);
        bytes.AddRange(content);
    }

    private void Varint(int field, ulong value)
    {
        Number(field, 0);
        Raw(value);
    }

    private void Number(int field, int type) => Raw((ulong)((field << 3) | type));

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }
}
