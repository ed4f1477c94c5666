using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LowRank.Training.Deduplication;

/// <summary>
/// The first bytes of SHA-1 (FIPS 180-4) of many short texts: sixteen at a time, each in a lane of a vector. The platform's own takes one
/// at a time and many times as long for thirty bytes. For one thread; nothing secret depends on it.
/// </summary>
internal sealed class Sha1Lanes
{
    private const int Lanes = 16;
    private const int BlockBytes = 64;
    private const int BlockWords = BlockBytes / sizeof(uint);
    private const int Rounds = 80;

    // The end bit and the length in bits, behind every text.
    private const int Padding = 1 + sizeof(ulong);

    private readonly Vector512<uint>[] words = new Vector512<uint>[Rounds];
    private readonly Vector512<uint>[] state = new Vector512<uint>[5];

    /// <summary>The first eight bytes, as a little-endian number, of the SHA-1 of each text.</summary>
    /// <param name="bytes">All texts, which may overlap.</param>
    /// <param name="starts">Where each begins.</param>
    /// <param name="ends">Where each ends.</param>
    /// <param name="hashes">One for each.</param>
    public void Hash(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> starts, ReadOnlySpan<int> ends, Span<ulong> hashes)
    {
        for (var first = 0; first < starts.Length; first += Lanes)
        {
            var count = Math.Min(Lanes, starts.Length - first);
            HashLanes(bytes, starts.Slice(first, count), ends.Slice(first, count));
            var digests = MemoryMarshal.Cast<Vector512<uint>, uint>(state);
            for (var lane = 0; lane < count; lane++)
            {
                ulong upper = BinaryPrimitives.ReverseEndianness(digests[Lanes + lane]);
                hashes[first + lane] = (upper << 32) | BinaryPrimitives.ReverseEndianness(digests[lane]);
            }
        }
    }

    private void HashLanes(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> starts, ReadOnlySpan<int> ends)
    {
        state[0] = Vector512.Create(0x67452301u);
        state[1] = Vector512.Create(0xEFCDAB89u);
        state[2] = Vector512.Create(0x98BADCFEu);
        state[3] = Vector512.Create(0x10325476u);
        state[4] = Vector512.Create(0xC3D2E1F0u);
        Span<uint> blocks = stackalloc uint[Lanes];
        var most = 0u;
        for (var lane = 0; lane < starts.Length; lane++)
        {
            blocks[lane] = (uint)((ends[lane] - starts[lane] + Padding + BlockBytes - 1) / BlockBytes);
            most = Math.Max(most, blocks[lane]);
        }

        var counts = Vector512.Create<uint>(blocks);
        for (var block = 0; block < most; block++)
        {
            Array.Clear(words, 0, BlockWords);
            for (var lane = 0; lane < starts.Length; lane++)
            {
                if (block < blocks[lane])
                    Load(bytes[starts[lane]..ends[lane]], block, lane);
            }

            // Texts that have ended keep what they have.
            Compress(ref words[0], ref state[0], Vector512.GreaterThan(counts, Vector512.Create((uint)block)));
        }
    }

    // A text's block becomes a column of the words, which are all zero before.
    private void Load(ReadOnlySpan<byte> text, int block, int lane)
    {
        ref var column = ref Unsafe.Add(ref Unsafe.As<Vector512<uint>, uint>(ref words[0]), lane);
        var left = text.Length - (long)block * BlockBytes;
        var rest = left > 0 ? text[^(int)left..] : [];
        var word = 0;
        for (; word < BlockWords && rest.Length >= sizeof(uint); word++)
        {
            Unsafe.Add(ref column, word * Lanes) = BinaryPrimitives.ReadUInt32BigEndian(rest);
            rest = rest[sizeof(uint)..];
        }

        if (left is >= 0 and < BlockBytes)
        {
            // What is left of a word, then the end bit.
            var last = 0x80u << 24;
            for (var place = rest.Length - 1; place >= 0; place--)
                last = (last >> 8) | ((uint)rest[place] << 24);
            Unsafe.Add(ref column, word * Lanes) = last;
        }

        if (left + Padding <= BlockBytes)
        {
            var length = (ulong)text.Length * 8;
            Unsafe.Add(ref column, (BlockWords - 2) * Lanes) = (uint)(length >> 32);
            Unsafe.Add(ref column, (BlockWords - 1) * Lanes) = (uint)length;
        }
    }

    // Words from the seventeenth on follow from those before.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Compress(ref Vector512<uint> words, ref Vector512<uint> state, Vector512<uint> takes)
    {
        ref var end = ref Unsafe.Add(ref words, Rounds);
        for (
            ref var word = ref Unsafe.Add(ref words, BlockWords);
            Unsafe.IsAddressLessThan(ref word, ref end);
            word = ref Unsafe.Add(ref word, 1)
        )
        {
            var mixed = Unsafe.Add(ref word, -3) ^ Unsafe.Add(ref word, -8) ^ Unsafe.Add(ref word, -14) ^ Unsafe.Add(ref word, -16);
            word = RotateLeft(mixed, 1);
        }

        var a = state;
        var b = Unsafe.Add(ref state, 1);
        var c = Unsafe.Add(ref state, 2);
        var d = Unsafe.Add(ref state, 3);
        var e = Unsafe.Add(ref state, 4);
        var constant = Vector512.Create(0x5A827999u);
        for (nint round = 0; round < 20; round++)
        {
            var mixed = (d ^ (b & (c ^ d))) + (e + constant + Unsafe.Add(ref words, round)) + RotateLeft(a, 5);
            (e, d, c, b, a) = (d, c, RotateLeft(b, 30), a, mixed);
        }

        constant = Vector512.Create(0x6ED9EBA1u);
        for (nint round = 20; round < 40; round++)
        {
            var mixed = (b ^ c ^ d) + (e + constant + Unsafe.Add(ref words, round)) + RotateLeft(a, 5);
            (e, d, c, b, a) = (d, c, RotateLeft(b, 30), a, mixed);
        }

        constant = Vector512.Create(0x8F1BBCDCu);
        for (nint round = 40; round < 60; round++)
        {
            var mixed = ((b & c) | (d & (b | c))) + (e + constant + Unsafe.Add(ref words, round)) + RotateLeft(a, 5);
            (e, d, c, b, a) = (d, c, RotateLeft(b, 30), a, mixed);
        }

        constant = Vector512.Create(0xCA62C1D6u);
        for (nint round = 60; round < Rounds; round++)
        {
            var mixed = (b ^ c ^ d) + (e + constant + Unsafe.Add(ref words, round)) + RotateLeft(a, 5);
            (e, d, c, b, a) = (d, c, RotateLeft(b, 30), a, mixed);
        }

        state += a & takes;
        Unsafe.Add(ref state, 1) += b & takes;
        Unsafe.Add(ref state, 2) += c & takes;
        Unsafe.Add(ref state, 3) += d & takes;
        Unsafe.Add(ref state, 4) += e & takes;
    }

    // The compiler makes no rotation of two shifts in a vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> RotateLeft(Vector512<uint> value, [ConstantExpected] byte bits) =>
        Avx512F.IsSupported ? Avx512F.RotateLeft(value, bits) : (value << bits) | (value >>> (32 - bits));
}
