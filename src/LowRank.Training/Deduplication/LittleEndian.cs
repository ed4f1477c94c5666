using System.Buffers.Binary;

namespace LowRank.Training.Deduplication;

/// <summary>Files are the same on every machine.</summary>
internal static class LittleEndian
{
    /// <summary>From the machine's order of bytes to little-endian or back, in place.</summary>
    public static void Convert(Span<ulong> words)
    {
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(words, words);
    }
}
