using System.Runtime.InteropServices;

namespace LowRank.Training.Distributed;

/// <summary>
/// NCCL's <c>ncclUniqueId</c>, by which the ranks of a group find each other. Functions take it by value, all of its bytes: an array in its
/// place would be a pointer.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NcclUniqueId
{
    /// <summary>Its size.</summary>
    public const int Size = 128;

    private fixed byte content[Size];

    /// <summary>From what was sent.</summary>
    /// <exception cref="ArgumentException">The number of bytes is wrong.</exception>
    public NcclUniqueId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"NCCL's id has {Size} bytes, and {bytes.Length} were received.", nameof(bytes));
        fixed (byte* first = content)
            bytes.CopyTo(new Span<byte>(first, Size));
    }

    /// <summary>To be sent.</summary>
    public readonly byte[] ToArray()
    {
        fixed (byte* first = content)
            return new ReadOnlySpan<byte>(first, Size).ToArray();
    }
}
