using System.Buffers.Binary;

namespace LowRank.Training.Tests.Data.Shards;

/// <summary>Token files of other programs, byte by byte as their formats say.</summary>
internal static class TokenBytes
{
    /// <summary>Little-endian numbers of so many bytes each.</summary>
    public static byte[] Numbers(int width, params IEnumerable<long> values) =>
        [
            .. values.SelectMany(value =>
            {
                var bytes = new byte[sizeof(long)];
                BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
                return bytes[..width];
            }),
        ];

    /// <summary>llm.c's: 256 int32, of which three say something, and the tokens.</summary>
    public static byte[] Llmc(int width, params int[] tokens) =>
        [
            .. Numbers(4, width == 2 ? 20240520 : 20240801, width == 2 ? 1 : 7, tokens.Length),
            .. new byte[253 * 4],
            .. Numbers(width, tokens.Select(token => (long)token)),
        ];

    /// <summary>Megatron's index over sequences of these lengths.</summary>
    public static byte[] MegatronIndex(byte type, params int[] lengths)
    {
        var width = type == 8 ? 2 : 4;
        long[] starts = [.. lengths.Select((_, i) => (long)lengths.Take(i).Sum() * width)];
        return
        [
            .. "MMIDIDX\0\0"u8,
            .. Numbers(8, 1),
            type,
            .. Numbers(8, lengths.Length),
            .. Numbers(8, lengths.Length + 1),
            .. Numbers(4, lengths.Select(length => (long)length)),
            .. Numbers(8, starts),
            .. Numbers(8, Enumerable.Range(0, lengths.Length + 1).Select(i => (long)i)),
        ];
    }
}
