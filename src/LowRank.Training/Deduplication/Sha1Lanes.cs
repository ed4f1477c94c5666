using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LowRank.Training.Deduplication;

/// <summary>
/// The first bytes of SHA-1 (FIPS 180-4) of many short texts: eight at a time, each in a lane of a vector. The platform's own takes one
/// at a time and many times as long for thirty bytes. For one thread; nothing secret depends on it.
/// </summary>
internal sealed class Sha1Lanes
{
    private const int Lanes = 8;
    private const int BlockBytes = 64;
    private const int BlockWords = BlockBytes / sizeof(uint);

    // The end bit and the length in bits, behind every text.
    private const int Padding = 1 + sizeof(ulong);

    private readonly Vector256<uint>[] words = new Vector256<uint>[BlockWords];
    private readonly Vector256<uint>[] state = new Vector256<uint>[5];

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
            var digests = MemoryMarshal.Cast<Vector256<uint>, uint>(state);
            for (var lane = 0; lane < count; lane++)
            {
                ulong upper = BinaryPrimitives.ReverseEndianness(digests[Lanes + lane]);
                hashes[first + lane] = (upper << 32) | BinaryPrimitives.ReverseEndianness(digests[lane]);
            }
        }
    }

    private void HashLanes(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> starts, ReadOnlySpan<int> ends)
    {
        state[0] = Vector256.Create(0x67452301u);
        state[1] = Vector256.Create(0xEFCDAB89u);
        state[2] = Vector256.Create(0x98BADCFEu);
        state[3] = Vector256.Create(0x10325476u);
        state[4] = Vector256.Create(0xC3D2E1F0u);
        Span<uint> blocks = stackalloc uint[Lanes];
        var most = 0u;
        for (var lane = 0; lane < starts.Length; lane++)
        {
            blocks[lane] = (uint)((ends[lane] - starts[lane] + Padding + BlockBytes - 1) / BlockBytes);
            most = Math.Max(most, blocks[lane]);
        }

        var counts = Vector256.Create<uint>(blocks);
        for (var block = 0; block < most; block++)
        {
            for (var lane = 0; lane < starts.Length; lane++)
            {
                if (block < blocks[lane])
                    Load(bytes[starts[lane]..ends[lane]], block, lane);
            }

            // Texts that have ended keep what they have.
            Compress(ref words[0], ref state[0], Vector256.GreaterThan(counts, Vector256.Create((uint)block)));
        }
    }

    // A text's block becomes a column of the words.
    private void Load(ReadOnlySpan<byte> text, int block, int lane)
    {
        Span<byte> padded = stackalloc byte[BlockBytes];
        var from = (long)block * BlockBytes;
        var left = text.Length - from;
        if (left >= BlockBytes)
            text.Slice((int)from, BlockBytes).CopyTo(padded);
        else
        {
            padded.Clear();
            if (left > 0)
                text[(int)from..].CopyTo(padded);
            if (left >= 0)
                padded[(int)left] = 0x80;
            if (left + Padding <= BlockBytes)
                BinaryPrimitives.WriteUInt64BigEndian(padded[(BlockBytes - sizeof(ulong))..], (ulong)text.Length * 8);
        }

        ref var column = ref Unsafe.Add(ref Unsafe.As<Vector256<uint>, uint>(ref words[0]), lane);
        for (var word = 0; word < BlockWords; word++)
        {
            Unsafe.Add(ref column, word * Lanes) = BinaryPrimitives.ReadUInt32BigEndian(padded[(word * sizeof(uint))..]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Compress(ref Vector256<uint> words, ref Vector256<uint> state, Vector256<uint> takes)
    {
        var a = state;
        var b = Unsafe.Add(ref state, 1);
        var c = Unsafe.Add(ref state, 2);
        var d = Unsafe.Add(ref state, 3);
        var e = Unsafe.Add(ref state, 4);
        var constant = Vector256.Create(0x5A827999u);
        for (var round = 0; round < 16; round++)
        {
            var mixed = ((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + constant + Unsafe.Add(ref words, round);
            (e, d, c, b, a) = (d, c, (b << 30) | (b >>> 2), a, mixed);
        }

        for (var round = 16; round < 20; round++)
        {
            var mixed = ((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + constant + Next(ref words, round);
            (e, d, c, b, a) = (d, c, (b << 30) | (b >>> 2), a, mixed);
        }

        constant = Vector256.Create(0x6ED9EBA1u);
        for (var round = 20; round < 40; round++)
        {
            var mixed = ((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + constant + Next(ref words, round);
            (e, d, c, b, a) = (d, c, (b << 30) | (b >>> 2), a, mixed);
        }

        constant = Vector256.Create(0x8F1BBCDCu);
        for (var round = 40; round < 60; round++)
        {
            var mixed = ((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + e + constant + Next(ref words, round);
            (e, d, c, b, a) = (d, c, (b << 30) | (b >>> 2), a, mixed);
        }

        constant = Vector256.Create(0xCA62C1D6u);
        for (var round = 60; round < 80; round++)
        {
            var mixed = ((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + constant + Next(ref words, round);
            (e, d, c, b, a) = (d, c, (b << 30) | (b >>> 2), a, mixed);
        }

        state += a & takes;
        Unsafe.Add(ref state, 1) += b & takes;
        Unsafe.Add(ref state, 2) += c & takes;
        Unsafe.Add(ref state, 3) += d & takes;
        Unsafe.Add(ref state, 4) += e & takes;
    }

    // The last sixteen words lie in a ring.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Next(ref Vector256<uint> words, int round)
    {
        ref var place = ref Unsafe.Add(ref words, round & 15);
        var mixed =
            Unsafe.Add(ref words, (round - 3) & 15)
            ^ Unsafe.Add(ref words, (round - 8) & 15)
            ^ Unsafe.Add(ref words, (round - 14) & 15)
            ^ place;
        return place = (mixed << 1) | (mixed >>> 31);
    }
}
