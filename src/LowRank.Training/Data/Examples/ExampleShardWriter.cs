using System.Buffers.Binary;
using System.IO.Hashing;
using LowRank.Training.Documents;
using LowRank.Training.Files;

namespace LowRank.Training.Data.Examples;

/// <summary>Writes the examples of a split: a shard of their tokens, and beside it where each ends and which tokens count.</summary>
internal sealed class ExampleShardWriter(string path, int vocabularySize) : IDisposable
{
    private readonly TokenShardWriter tokens = new(path, vocabularySize);
    private readonly HashedFile ends = new(ExampleFiles.EndsOf(path));
    private readonly HashedFile counts = new(ExampleFiles.CountsOf(path));
    private long examples;
    private long counted;
    private byte bits;

    // Bits of the byte that is being filled.
    private int place;

    /// <summary>Adds an example.</summary>
    /// <param name="ids">Its tokens.</param>
    /// <param name="counting">For each of them, whether it counts.</param>
    public void Add(ReadOnlySpan<int> ids, ReadOnlySpan<bool> counting)
    {
        foreach (var isCounted in counting)
            Add(isCounted);
        tokens.Write(ids);
        Span<byte> end = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(end, tokens.Count);
        ends.Write(end);
        examples++;
    }

    /// <summary>Finishes the files.</summary>
    public ExampleFiles Complete()
    {
        if (place > 0)
            counts.Write([bits]);
        return new(tokens.Complete(), ends.Complete(), counts.Complete(), examples, counted);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        tokens.Dispose();
        ends.Dispose();
        counts.Dispose();
    }

    private void Add(bool isCounted)
    {
        if (isCounted)
        {
            bits |= (byte)(1 << place);
            counted++;
        }

        if (++place < 8)
            return;
        counts.Write([bits]);
        (bits, place) = (0, 0);
    }

    private sealed class HashedFile(string path) : IDisposable
    {
        private readonly UnfinishedFile file = new(path);
        private readonly XxHash128 hash = new();

        public void Write(ReadOnlySpan<byte> bytes)
        {
            hash.Append(bytes);
            file.Write(bytes);
        }

        public string Complete()
        {
            file.Complete();
            return HashedStream.TextOf(hash);
        }

        public void Dispose() => file.Dispose();
    }
}
