namespace LowRank.Training.Deduplication;

/// <summary>How a shingle becomes a number.</summary>
internal enum ShingleHash
{
    /// <summary>xxHash with seed 0.</summary>
    XxHash,

    /// <summary>The first bytes of its SHA-1, little-endian; what FineWeb was made with.</summary>
    Sha1,
}
