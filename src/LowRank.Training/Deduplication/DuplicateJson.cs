using System.Text.Json.Serialization;

namespace LowRank.Training.Deduplication;

/// <summary>How totals are written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(DuplicateTotals))]
internal sealed partial class DuplicateJson : JsonSerializerContext;
