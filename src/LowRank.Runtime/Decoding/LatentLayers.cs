using LowRank.Layers;

namespace LowRank.Decoding;

/// <summary>The layers of a latent attention, as a plan takes them.</summary>
/// <param name="Attention">Its heads, and the key of its share of the cache.</param>
/// <param name="Norm">The norm before it, or null.</param>
/// <param name="QueryDown">Latents of the queries, or null.</param>
/// <param name="QueryNorm">Their norm, or null.</param>
/// <param name="Query">The queries, each with its rotated part in front.</param>
/// <param name="KeyValueDown">Latents of keys and values, and the shared key behind them.</param>
/// <param name="KeyValueNorm">The norm of the latents, or null.</param>
/// <param name="Key">The keys of the heads.</param>
/// <param name="Value">The values of the heads.</param>
/// <param name="Output">The output projection.</param>
/// <param name="Rotary">The rotation, or null.</param>
internal sealed record LatentLayers(
    CausalAttention Attention,
    NormLayer? Norm,
    LinearLayer? QueryDown,
    RmsNorm? QueryNorm,
    LinearLayer Query,
    LinearLayer KeyValueDown,
    RmsNorm? KeyValueNorm,
    LinearLayer Key,
    LinearLayer Value,
    LinearLayer Output,
    RotaryEmbedding? Rotary
)
{
    /// <summary>Size of a latent vector of keys and values.</summary>
    public long Rank => Key.Inputs;

    /// <summary>Size of what a cache holds of a token: the latent vector and the shared key.</summary>
    public long RowSize => KeyValueDown.Outputs;

    /// <summary>Size of the shared key, and of the rotated part of a query.</summary>
    public long RotarySize => RowSize - Rank;

    /// <summary>Size of a query.</summary>
    public long QuerySize => Attention.HeadSize;
}
