using System.Text.Json.Serialization;
using LowRank.Training.Deduplication;
using LowRank.Training.Filtering;

namespace LowRank.Training.Pipelines;

/// <summary>How plans, markers and reports are written, and options of steps read.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(PipelinePlan))]
[JsonSerializable(typeof(UnitRecord))]
[JsonSerializable(typeof(PipelineReport))]
[JsonSerializable(typeof(UrlFilterOptions))]
[JsonSerializable(typeof(LanguageOptions))]
[JsonSerializable(typeof(GopherRepetitionOptions))]
[JsonSerializable(typeof(GopherQualityOptions))]
[JsonSerializable(typeof(C4Options))]
[JsonSerializable(typeof(FineWebQualityOptions))]
[JsonSerializable(typeof(PiiOptions))]
[JsonSerializable(typeof(ExactOptions))]
[JsonSerializable(typeof(MinHashOptions))]
[JsonSerializable(typeof(TokensOptions))]
[JsonSerializable(typeof(TokensRecord))]
internal sealed partial class PipelineJson : JsonSerializerContext;
