using LowRank.Kernels;
using LowRank.Layers;

namespace LowRank.Decoding;

/// <summary>
/// Latent attention of one token: rotation, cache and attention over the latents themselves, one head of one row a chunk. The queries are
/// in the latents' space already, and what comes out is.
/// </summary>
/// <typeparam name="T">How the cache holds latents and shared keys.</typeparam>
internal sealed unsafe class LatentAttentionStep<T> : DecodingStep
    where T : IElement
{
    // Below this many products of keys and values one thread is done before another one has begun.
    private const long SmallestShare = 1 << 15;
    private readonly CausalAttention attention;
    private readonly TokenRotation rotation;
    private readonly long rank;
    private readonly long rowSize;
    private readonly long rotarySize;
    private readonly long querySize;
    private readonly float scale;
    private nint[] places = [];
    private DecodingBatch? batch;

    public LatentAttentionStep(LatentLayers layers)
    {
        attention = layers.Attention;
        (rank, rowSize, rotarySize, querySize) = (layers.Rank, layers.RowSize, layers.RotarySize, layers.QuerySize);
        scale = (float)(1 / Math.Sqrt(querySize));
        rotation = new TokenRotation(layers.Rotary);
    }

    public override void Run(DecodingBatch batch)
    {
        this.batch = batch;
        if (places.Length < batch.Count)
            places = new nint[batch.Count];
        long seen = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            var read = batch.Rows[row];
            places[row] =
                read.Cache.LatentPlace(attention, rowSize, T.Type) + (nint)((long)read.Sequence * read.Cache.Capacity * rowSize * T.Size);
            Remember(row, read.Cache.Length);
            seen += read.Cache.Length + 1;
        }

        var chunks = batch.Count * attention.Heads;
        if (seen * attention.Heads * (rowSize + rank) < 2 * SmallestShare)
        {
            for (var chunk = 0; chunk < chunks; chunk++)
                Run(chunk);
            return;
        }

        batch.Team.Run(this, chunks);
    }

    public override void Run(int chunk)
    {
        var (row, head) = (chunk / attention.Heads, chunk % attention.Heads);
        var position = (long)batch!.Rows[row].Cache.Length;
        var buffers = batch.Buffers;
        var rotated = buffers.Row(Slot.Wide, row) + head * querySize;
        var query = buffers.Row(Slot.Absorbed, row) + head * rowSize;
        rotation.Turn(rotated, 1, rotarySize, position);
        new ReadOnlySpan<float>(rotated, (int)rotarySize).CopyTo(new Span<float>(query + rank, (int)rotarySize));

        var hidden = attention.Window is { } window ? Math.Max(0, position + 1 - window) : 0;
        // A row is a key of all heads, and its beginning a value.
        var rows = (byte*)places[row] + hidden * rowSize * T.Size;
        QueryAttentionKernel.Attend<T>(
            query,
            rows,
            rows,
            rowSize,
            position + 1 - hidden,
            rowSize,
            rank,
            scale,
            cap: 0,
            buffers.Row(Slot.Scores, row) + head * (buffers.Width(Slot.Scores) / attention.Heads),
            buffers.Row(Slot.Mixed, row) + head * rank
        );
    }

    private void Remember(int row, long position)
    {
        var latent = batch!.Buffers.Row(Slot.Latent, row);
        rotation.Turn(latent + rank, 1, rotarySize, position);
        var place = (byte*)places[row] + position * rowSize * T.Size;
        for (long i = 0; i < rowSize; i++)
            T.StoreOne(place, i, latent[i]);
    }
}
