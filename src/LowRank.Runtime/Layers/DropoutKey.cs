using System.Buffers.Binary;
using System.IO.Hashing;

namespace LowRank.Layers;

/// <summary>
/// What the dropout of a pass is drawn from, instead of a generator's state: a resumed run drops what the uninterrupted run would have
/// dropped, and a pass that is run again for its activations drops what it dropped before.
/// </summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">The optimizer step, counted from 0.</param>
/// <param name="MicroBatch">The first sequence of the micro-batch within the step.</param>
public sealed record DropoutKey(long Seed, long Step, long MicroBatch)
{
    /// <summary>
    /// Sequences of the micro-batch. Each is drawn by itself, so that what is dropped doesn't depend on how a step is divided into
    /// micro-batches, and these among processes.
    /// </summary>
    public int Sequences { get; init; } = 1;

    /// <summary>
    /// The seeds of one layer's draws, for each sequence a function of its place in the step and the layer; not negative.
    /// </summary>
    /// <param name="layer">The layer's index.</param>
    internal long[] SeedsOf(int layer) =>
        [.. Enumerable.Range(0, Sequences).Select(sequence => (this with { MicroBatch = MicroBatch + sequence }).SeedOf(layer))];

    private long SeedOf(int layer)
    {
        Span<byte> bytes = stackalloc byte[28];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Seed);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Step);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], MicroBatch);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[24..], layer);
        return (long)(XxHash64.HashToUInt64(bytes) >> 1);
    }
}
