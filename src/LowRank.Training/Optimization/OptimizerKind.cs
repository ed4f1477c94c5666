using System.Text.Json.Serialization;

namespace LowRank.Training.Optimization;

/// <summary>The optimisers that a run can be trained with.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OptimizerKind>))]
public enum OptimizerKind
{
    /// <summary>AdamW on every parameter.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,

    /// <summary>Muon on the matrices of the hidden layers, factors and guides included; AdamW on the rest.</summary>
    [JsonStringEnumMemberName("muon")]
    Muon,

    /// <summary>Spectron on the factors of factored layers, Muon on the other matrices of the hidden layers, AdamW on the rest.</summary>
    [JsonStringEnumMemberName("spectron")]
    Spectron,

    /// <summary>GaLore's projected AdamW on the full-size matrices of the hidden layers; AdamW on the rest.</summary>
    [JsonStringEnumMemberName("galore")]
    GaLore,
}
