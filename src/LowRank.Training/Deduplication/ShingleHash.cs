using System.Text.Json.Serialization;

namespace LowRank.Training.Deduplication;

/// <summary>How a shingle becomes a number.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShingleHash>))]
internal enum ShingleHash
{
    /// <summary>xxHash with seed 0.</summary>
    [JsonStringEnumMemberName("xxhash")]
    XxHash,

    /// <summary>The first bytes of its SHA-1, little-endian; what FineWeb was made with.</summary>
    [JsonStringEnumMemberName("sha1")]
    Sha1,
}
