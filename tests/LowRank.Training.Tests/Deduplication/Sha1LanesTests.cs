using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using LowRank.Training.Deduplication;

namespace LowRank.Training.Tests.Deduplication;

[SuppressMessage("Security", "CA5350", Justification = "It is what signatures were made with.")]
public sealed class Sha1LanesTests
{
    [Fact]
    public void The_hash_of_abc_is_that_of_the_standard()
    {
        // FIPS 180-4: A9993E36 4706816A …
        var hash = new ulong[1];
        new Sha1Lanes().Hash("abc"u8, [0], [3], hash);
        Assert.Equal(0x6A810647363E99A9UL, hash[0]);
    }

    [Fact]
    public void Texts_of_every_length_side_by_side_have_the_hashes_of_the_platform()
    {
        var random = new Random(1);
        var bytes = new byte[1000];
        random.NextBytes(bytes);
        // Every length around the ends of a block, among others of other lengths, in numbers that fill no vector.
        int[] lengths = [.. Enumerable.Range(0, 260), .. Enumerable.Range(0, 260).Select(_ => random.Next(700)), 63, 64, 65];
        var starts = lengths.Select(length => random.Next(bytes.Length - length)).ToArray();
        var ends = starts.Zip(lengths, (start, length) => start + length).ToArray();
        var sha1 = new Sha1Lanes();
        foreach (var count in new[] { 1, 7, 8, 9, lengths.Length })
        {
            var hashes = new ulong[count];
            sha1.Hash(bytes, starts.AsSpan(0, count), ends.AsSpan(0, count), hashes);
            for (var index = 0; index < count; index++)
            {
                var expected = SHA1.HashData(bytes.AsSpan(starts[index], lengths[index]));
                Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(expected), hashes[index]);
            }
        }
    }
}
