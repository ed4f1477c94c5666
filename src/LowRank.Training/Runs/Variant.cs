using System.Text.Json.Serialization;

namespace LowRank.Training.Runs;

/// <summary>The ways in which a declared model can be trained.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Variant>))]
public enum Variant
{
    /// <summary>The dense baseline.</summary>
    [JsonStringEnumMemberName("dense")]
    Dense,

    /// <summary>The dense model of as many forward FLOPs per token as the factored one, with other hidden sizes.</summary>
    [JsonStringEnumMemberName("flop-matched")]
    FlopMatched,

    /// <summary>The factors alone, from the first step.</summary>
    [JsonStringEnumMemberName("lowrank")]
    LowRank,

    /// <summary>As declared: the factors with their guide, phased out.</summary>
    [JsonStringEnumMemberName("guided")]
    Guided,

    /// <summary>The declared adapters alone, beside the frozen model that they adapt.</summary>
    [JsonStringEnumMemberName("lora")]
    Lora,
}
