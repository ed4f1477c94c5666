using System.Buffers.Binary;
using System.Numerics;
using LowRank.Kernels;
using LowRank.Training.Documents;

namespace LowRank.Training.Data.Examples;

/// <summary>The examples of a split: mapped into memory, never loaded whole. Reading is safe for threads.</summary>
internal sealed class ExampleShard : IDisposable
{
    private readonly Lock gate = new();
    private readonly MappedBytes ends;
    private readonly MappedBytes counts;
    private readonly string name;
    private readonly int padding;
    private PackedExamples? packed;

    private ExampleShard(TokenShard tokens, MappedBytes ends, MappedBytes counts, ExampleFiles files, string name, int padding)
    {
        (Tokens, this.ends, this.counts, this.name, this.padding) = (tokens, ends, counts, name, padding);
        (Count, Counted) = (files.Examples, files.Counted);
    }

    /// <summary>The tokens of all examples, one behind the other.</summary>
    public TokenShard Tokens { get; }

    /// <summary>Number of examples.</summary>
    public long Count { get; }

    /// <summary>Number of tokens whose prediction counts.</summary>
    public long Counted { get; }

    /// <summary>Opens a split after reading it through once, to know that it is what was written.</summary>
    /// <param name="path">The shard of its tokens.</param>
    /// <param name="files">What was written.</param>
    /// <param name="name">What the split is called in messages.</param>
    /// <param name="padding">The token that fills rows up.</param>
    /// <exception cref="InvalidDataException">A file is missing, cut off or altered.</exception>
    public static ExampleShard Open(string path, ExampleFiles files, string name, int padding)
    {
        var tokens = TokenShard.Open(path);
        MappedBytes? ends = null;
        try
        {
            if (tokens.Hash != files.Tokens)
                throw new InvalidDataException($"The shard '{path}' does not belong to its description.");
            ends = Map(ExampleFiles.EndsOf(path), files.Examples * sizeof(long), files.Ends);
            var counts = Map(ExampleFiles.CountsOf(path), (tokens.Count + 7) / 8, files.Counts);
            return new(tokens, ends, counts, files, name, padding);
        }
        catch
        {
            tokens.Dispose();
            ends?.Dispose();
            throw;
        }
    }

    /// <summary>The examples packed into rows; those of the context asked for last are kept.</summary>
    /// <param name="context">Tokens of a row.</param>
    /// <exception cref="InputException">No example has a token that counts within so many.</exception>
    public PackedExamples Packed(int context)
    {
        lock (gate)
            return packed?.Context == context ? packed : packed = new PackedExamples(this, context, name, padding);
    }

    /// <summary>Where an example lies among the tokens.</summary>
    public (long Start, long End) PlaceOf(long example) => (example == 0 ? 0 : EndOf(example - 1), EndOf(example));

    /// <summary>How many tokens of a range count.</summary>
    public int CountedIn(long start, long end)
    {
        var counted = 0;
        for (var place = start; place < end; )
        {
            var bit = (int)(place % 8);
            var length = (int)Math.Min(8 - bit, end - place);
            var mask = ((1 << length) - 1) << bit;
            counted += BitOperations.PopCount((uint)(counts.Read(place / 8, 1)[0] & mask));
            place += length;
        }

        return counted;
    }

    /// <summary>Reads a piece of an example and, as its targets, the tokens that follow, as far as they count.</summary>
    /// <param name="start">The first of its tokens.</param>
    /// <param name="inputs">Where the tokens go.</param>
    /// <param name="targets">Where the targets go; as many.</param>
    public void Read(long start, Span<long> inputs, Span<long> targets)
    {
        Tokens.Read(start, inputs);
        Tokens.Read(start + 1, targets);
        for (var index = 0; index < targets.Length; index++)
        {
            if (!Counts(start + 1 + index))
                targets[index] = IFusedOperations.IgnoredTarget;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        ends.Dispose();
        counts.Dispose();
    }

    private long EndOf(long example) => BinaryPrimitives.ReadInt64LittleEndian(ends.Read(example * sizeof(long), sizeof(long)));

    private bool Counts(long token) => (counts.Read(token / 8, 1)[0] >> (int)(token % 8) & 1) != 0;

    private static MappedBytes Map(string path, long length, string hash)
    {
        if (!File.Exists(path) || new FileInfo(path).Length != length || HashedStream.HashOf(path, CancellationToken.None) != hash)
            throw new InvalidDataException($"The file '{path}' does not hold what was written.");
        return new MappedBytes(path, 0, length);
    }
}
