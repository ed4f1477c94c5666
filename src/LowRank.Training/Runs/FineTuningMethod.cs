using System.Text.Json.Serialization;

namespace LowRank.Training.Runs;

/// <summary>The ways in which a trained model is trained on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FineTuningMethod>))]
public enum FineTuningMethod
{
    /// <summary>Every parameter.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>Adapters beside the frozen model (Hu et al., 2021, arXiv:2106.09685).</summary>
    [JsonStringEnumMemberName("lora")]
    Lora,

    /// <summary>Its dense layers factored, the trained weights as guides that are phased out.</summary>
    [JsonStringEnumMemberName("lowrank")]
    LowRank,

    /// <summary>Every parameter, the matrices' gradients projected to a few dimensions (Zhao et al., 2024, arXiv:2403.03507).</summary>
    [JsonStringEnumMemberName("galore")]
    GaLore,
}
