using System.Buffers.Binary;

namespace LowRank.Training.Data;

/// <summary>How many bytes a token takes in files, and how it is written there: unsigned, little-endian.</summary>
internal static class TokenWidth
{
    /// <summary>The largest vocabulary whose ids take two bytes.</summary>
    public const int LargestShort = ushort.MaxValue + 1;

    /// <summary>Two up to a vocabulary of 65,536, above that four.</summary>
    public static int Of(int vocabularySize) => vocabularySize <= LargestShort ? sizeof(ushort) : sizeof(uint);

    /// <summary>Writes tokens into so many bytes each.</summary>
    /// <exception cref="OverflowException">A token is negative or has no room.</exception>
    public static void Encode(ReadOnlySpan<int> tokens, int bytesPerToken, Span<byte> destination)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            if (bytesPerToken == sizeof(ushort))
                BinaryPrimitives.WriteUInt16LittleEndian(destination[(i * sizeof(ushort))..], checked((ushort)tokens[i]));
            else
                BinaryPrimitives.WriteUInt32LittleEndian(destination[(i * sizeof(uint))..], checked((uint)tokens[i]));
        }
    }

    /// <summary>Reads as many tokens as the destination holds; the largest of them, −1 for none.</summary>
    public static long Decode(ReadOnlySpan<byte> source, int bytesPerToken, Span<long> destination)
    {
        long largest = -1;
        for (var i = 0; i < destination.Length; i++)
        {
            long token =
                bytesPerToken == sizeof(ushort)
                    ? BinaryPrimitives.ReadUInt16LittleEndian(source[(i * sizeof(ushort))..])
                    : BinaryPrimitives.ReadUInt32LittleEndian(source[(i * sizeof(uint))..]);
            destination[i] = token;
            largest = Math.Max(largest, token);
        }

        return largest;
    }
}
