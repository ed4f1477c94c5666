using System.Buffers.Binary;
using System.Globalization;

namespace LowRank.Training.Data.Shards;

/// <summary>
/// The header of llm.c's token files: 256 int32, of which the first says the kind, the second its version, the third the number of tokens.
/// </summary>
internal static class LlmcHeader
{
    /// <summary>Bytes of a header.</summary>
    public const int Length = 256 * sizeof(int);

    // With tokens of two bytes (GPT-2), and of four (LLaMA 3).
    private static readonly (int Magic, int Version, int Width)[] Kinds = [(20240520, 1, sizeof(ushort)), (20240801, 7, sizeof(uint))];

    /// <summary>The header of a file of so many tokens of two or four bytes.</summary>
    public static byte[] Write(int bytesPerToken, long tokens)
    {
        var header = new byte[Length];
        var (magic, version, _) = Array.Find(Kinds, kind => kind.Width == bytesPerToken);
        BinaryPrimitives.WriteInt32LittleEndian(header, magic);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(sizeof(int)), version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(2 * sizeof(int)), checked((int)tokens));
        return header;
    }

    /// <summary>Whether a file begins as one of llm.c's does.</summary>
    public static bool Begins(ReadOnlySpan<byte> head)
    {
        var first = head.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(head) : 0;
        return Array.Exists(Kinds, kind => kind.Magic == first);
    }

    /// <summary>What a header says.</summary>
    /// <exception cref="InputException">It is none, or of another version.</exception>
    public static (int BytesPerToken, long Tokens) Read(ReadOnlySpan<byte> head, string path)
    {
        if (!Begins(head) || head.Length < Length)
        {
            throw new InputException(
                $"'{path}' is no token file of llm.c: it doesn't begin with 256 numbers of which the first is {Kinds[0].Magic} or {Kinds[1].Magic}."
            );
        }

        var first = BinaryPrimitives.ReadInt32LittleEndian(head);
        var version = BinaryPrimitives.ReadInt32LittleEndian(head[sizeof(int)..]);
        var tokens = BinaryPrimitives.ReadInt32LittleEndian(head[(2 * sizeof(int))..]);
        var known = Array.Find(Kinds, kind => kind.Magic == first);
        if (version != known.Version || tokens < 0)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{path}' is a token file of llm.c of version {version} with {tokens} tokens; version {known.Version} is read. Write it with a current llm.c."
                )
            );
        }

        return (known.Width, tokens);
    }
}
