namespace LowRank.Decoding;

/// <summary>Sizes of a latent attention, those of a head where there are several.</summary>
/// <param name="Rank">Of the latent vector of keys and values.</param>
/// <param name="Rotary">Of the shared key.</param>
/// <param name="Content">Of the part of a key that is a head's own.</param>
/// <param name="Value">Of a value.</param>
internal readonly record struct LatentSizes(long Rank, long Rotary, long Content, long Value);
