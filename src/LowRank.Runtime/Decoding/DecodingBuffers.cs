using System.Runtime.InteropServices;

namespace LowRank.Decoding;

/// <summary>What a token's pass reads and writes, one row a sequence.</summary>
internal enum Slot
{
    /// <summary>The residual stream.</summary>
    Stream,

    /// <summary>The stream as the block got it, where its sublayers run side by side.</summary>
    BlockInput,

    /// <summary>The stream behind a norm.</summary>
    Normalized,

    /// <summary>Queries, keys and values, or the hidden layer.</summary>
    Wide,

    /// <summary>The other half of a gated hidden layer.</summary>
    Up,

    /// <summary>The latent vectors of a token's queries.</summary>
    QueryLatent,

    /// <summary>The latent vector of a token's keys and values, and its shared key behind it.</summary>
    Latent,

    /// <summary>The queries of the heads in the latents' space, each with its rotated part behind it.</summary>
    Absorbed,

    /// <summary>The latent vectors that the heads attended to.</summary>
    Mixed,

    /// <summary>What stands between two factors.</summary>
    Inner,

    /// <summary>The output of the heads.</summary>
    Attended,

    /// <summary>A sublayer's output, where a norm stands between it and the stream.</summary>
    Output,

    /// <summary>The scores of one head at a time for every key and value head.</summary>
    Scores,

    /// <summary>The logits.</summary>
    Logits,
}

/// <summary>Memory of the slots, used for token after token.</summary>
internal sealed unsafe class DecodingBuffers : IDisposable
{
    private const int Alignment = 64;
    private static readonly int Count = Enum.GetValues<Slot>().Length;
    private readonly long[] widths = new long[Count];
    private readonly nint[] places = new nint[Count];
    private readonly List<DecodingBuffers> inner = [];
    private int rows;

    /// <summary>Memory of a part of the pass with rows of its own; freed with this.</summary>
    public DecodingBuffers AddInner()
    {
        inner.Add(new DecodingBuffers());
        return inner[^1];
    }

    /// <summary>Makes a slot's rows at least so wide. Before the first <see cref="Reserve"/>.</summary>
    public void Widen(Slot slot, long width) => widths[(int)slot] = Math.Max(widths[(int)slot], width);

    /// <summary>Floats from row to row.</summary>
    public long Width(Slot slot) => widths[(int)slot];

    /// <summary>The first row.</summary>
    public float* Of(Slot slot) => (float*)places[(int)slot];

    /// <summary>A row.</summary>
    public float* Row(Slot slot, long row) => (float*)places[(int)slot] + row * widths[(int)slot];

    /// <summary>Makes room for so many rows; what stood there is lost.</summary>
    public void Reserve(int count)
    {
        if (count <= rows)
            return;
        Dispose();
        for (var slot = 0; slot < Count; slot++)
            places[slot] = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(Alignment, count * widths[slot] * sizeof(float)), Alignment);
        rows = count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var slot = 0; slot < Count; slot++)
        {
            NativeMemory.AlignedFree((void*)places[slot]);
            places[slot] = 0;
        }

        foreach (var part in inner)
            part.Dispose();
        rows = 0;
    }
}
