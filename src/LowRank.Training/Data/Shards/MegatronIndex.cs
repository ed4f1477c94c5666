using System.Buffers.Binary;
using System.Globalization;

namespace LowRank.Training.Data.Shards;

/// <summary>
/// The index beside Megatron's token files, <c>X.idx</c> to <c>X.bin</c>: a mark of 9 bytes, the version (u64), the type of the tokens
/// (u8), the number of sequences and of places where documents begin (u64 each), then the sequences' lengths (int32) and their places in
/// the file (int64), and the documents' places. The tokens lie in the file without a gap, so that nothing but both ends is looked at.
/// </summary>
internal static class MegatronIndex
{
    private const int HeadLength = 9 + sizeof(ulong) + 1 + (2 * sizeof(ulong));
    private const int Int32 = 4;
    private const int UInt16 = 8;

    private static ReadOnlySpan<byte> Mark => "MMIDIDX\0\0"u8;

    /// <summary>The index that belongs to a file of tokens.</summary>
    public static string PathFor(string tokens) => Path.ChangeExtension(tokens, ".idx");

    /// <summary>Whether a file is an index, or has one beside it.</summary>
    public static bool Is(string path)
    {
        var index = PathFor(path);
        return IsBinOrIndex(path) && File.Exists(index) && TokenFormats.Head(index, Mark.Length).AsSpan().SequenceEqual(Mark);
    }

    /// <summary>Where the tokens lie; the file may be named by its index.</summary>
    /// <exception cref="InputException">One of the files is missing, of another version, or doesn't fit the other.</exception>
    public static TokenFile Read(string path)
    {
        var index = PathFor(path);
        var tokens = Path.ChangeExtension(path, ".bin");
        if (!File.Exists(tokens))
            throw new InputException($"There is no '{tokens}' beside Megatron's index '{index}'; copy it there, too.");
        var head = TokenFormats.Head(index, HeadLength);
        if (head.Length < HeadLength)
            throw Wrong(index, string.Create(CultureInfo.InvariantCulture, $"has {head.Length} bytes, and its head alone {HeadLength}"));
        var version = BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(9));
        if (version != 1)
            throw Wrong(index, string.Create(CultureInfo.InvariantCulture, $"is of version {version}, and version 1 is read"));
        var sequences = BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(18));
        var documents = BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(26));
        var length = new FileInfo(index).Length;
        var expected = HeadLength + ((Int128)sequences * (sizeof(int) + sizeof(long))) + ((Int128)documents * sizeof(long));
        if (expected != length)
        {
            throw Wrong(
                index,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {length} bytes where {sequences} sequences and {documents} documents need {expected}"
                )
            );
        }

        return Ends(index, tokens, Width(index, head[17]), (long)sequences);
    }

    private static int Width(string index, byte type) =>
        type switch
        {
            UInt16 => sizeof(ushort),
            Int32 => sizeof(int),
            _ => throw Wrong(
                index,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"says tokens of type {type}, and {UInt16} (uint16) and {Int32} (int32) are read"
                )
            ),
        };

    private static TokenFile Ends(string index, string tokens, int width, long sequences)
    {
        if (sequences == 0)
            return TokenFormats.Checked(new TokenFile(tokens, 0, width, 0), $"'{index}' lists");
        using var stream = new FileStream(index, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var first = At(stream, HeadLength + (sequences * sizeof(int)));
        var last = At(stream, HeadLength + (sequences * (sizeof(int) + sizeof(long))) - sizeof(long));
        var length = (int)At(stream, HeadLength + ((sequences - 1) * sizeof(int)), sizeof(int));
        if (first != 0 || last < 0 || last % width != 0 || length < 0)
            throw Wrong(index, "doesn't begin at the first token, or its last sequence isn't at one");
        return TokenFormats.Checked(new TokenFile(tokens, 0, width, (last / width) + length), $"'{index}' lists");
    }

    private static long At(FileStream stream, long position, int bytes = sizeof(long))
    {
        Span<byte> value = stackalloc byte[sizeof(long)];
        stream.Position = position;
        stream.ReadExactly(value[..bytes]);
        return BinaryPrimitives.ReadInt64LittleEndian(value);
    }

    private static bool IsBinOrIndex(string path) => Path.GetExtension(path).ToUpperInvariant() is ".BIN" or ".IDX";

    private static InputException Wrong(string index, string what) =>
        new($"Megatron's index '{index}' {what}; write it again with a current Megatron.");
}
