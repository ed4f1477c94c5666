using LowRank.Kernels;
using LowRank.Layers;

namespace LowRank.Decoding;

/// <summary>
/// From projected queries, keys and values to the output of the heads: norms, rotation, cache and attention, one key and value head of
/// one row a chunk.
/// </summary>
/// <typeparam name="T">How the cache holds keys and values.</typeparam>
internal sealed unsafe class AttentionStep<T> : DecodingStep
    where T : IElement
{
    // Below this many products of keys and values one thread is done before another one has begun.
    private const long SmallestShare = 1 << 15;
    private readonly CausalAttention attention;
    private readonly float* queryGain;
    private readonly float* keyGain;
    private readonly double epsilon;
    private readonly TokenRotation rotation;
    private readonly int size;
    private readonly int group;
    private readonly float scale;
    private readonly float cap;
    private (nint Keys, nint Values)[] places = [];
    private DecodingBatch? batch;

    public AttentionStep(CausalAttention attention, RmsNorm? queryNorm, RmsNorm? keyNorm, RotaryEmbedding? rotary)
    {
        this.attention = attention;
        rotation = new TokenRotation(rotary);
        (size, group) = (attention.HeadSize, attention.Heads / attention.KeyValueHeads);
        (scale, cap) = ((float)attention.Scores.ScaleOf(size), (float)(attention.Scores.SoftCap ?? 0));
        if (queryNorm is null || keyNorm is null)
            return;
        queryGain = (float*)TensorMemory.Address(queryNorm.Weight);
        keyGain = (float*)TensorMemory.Address(keyNorm.Weight);
        epsilon = queryNorm.Norm.Epsilon;
    }

    public override void Run(DecodingBatch batch)
    {
        this.batch = batch;
        if (places.Length < batch.Count)
            places = new (nint, nint)[batch.Count];
        long seen = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            var read = batch.Rows[row];
            places[row] = read.Cache.Places(attention, attention.KeyValueHeads, size, T.Type);
            seen += read.Cache.Length + 1;
        }

        var chunks = batch.Count * attention.KeyValueHeads;
        if (2 * seen * attention.Heads * size < 2 * SmallestShare)
        {
            for (var chunk = 0; chunk < chunks; chunk++)
                Run(chunk);
            return;
        }

        batch.Team.Run(this, chunks);
    }

    public override void Run(int chunk)
    {
        var (row, head) = (chunk / attention.KeyValueHeads, chunk % attention.KeyValueHeads);
        var read = batch!.Rows[row];
        var position = (long)read.Cache.Length;
        var buffers = batch.Buffers;
        var queries = buffers.Row(Slot.Wide, row) + (long)head * group * size;
        var key = buffers.Row(Slot.Wide, row) + (attention.Heads + head) * (long)size;
        var value = key + (long)attention.KeyValueHeads * size;
        Prepare(queries, group, queryGain, position);
        Prepare(key, 1, keyGain, position);

        var stride = (long)attention.KeyValueHeads * size;
        var first = read.Sequence * read.Cache.Capacity * stride + (long)head * size;
        var keys = (byte*)places[row].Keys + first * T.Size;
        var values = (byte*)places[row].Values + first * T.Size;
        Store(key, keys + position * stride * T.Size);
        Store(value, values + position * stride * T.Size);

        var hidden = attention.Window is { } window ? Math.Max(0, position + 1 - window) : 0;
        var scores = buffers.Row(Slot.Scores, row) + head * (buffers.Width(Slot.Scores) / attention.KeyValueHeads);
        for (var query = 0; query < group; query++)
        {
            QueryAttentionKernel.Attend<T>(
                queries + (long)query * size,
                keys + hidden * stride * T.Size,
                values + hidden * stride * T.Size,
                stride,
                position + 1 - hidden,
                size,
                size,
                scale,
                cap,
                scores,
                buffers.Row(Slot.Attended, row) + ((long)head * group + query) * size
            );
        }
    }

    private void Prepare(float* heads, int count, float* gain, long position)
    {
        for (var head = 0; gain is not null && head < count; head++)
        {
            var place = (byte*)(heads + (long)head * size);
            RmsNormKernel.NormalizeRow<Float32Element, Float32Element>(place, gain, place, size, epsilon);
        }

        rotation.Turn(heads, count, size, position);
    }

    private void Store(float* from, byte* to)
    {
        for (var i = 0; i < size; i++)
            T.StoreOne(to, i, from[i]);
    }
}
