using System.Text.Json.Serialization;
using LowRank.Training.Runs;

namespace LowRank.Training.Experiments;

/// <summary>How plans and the store are written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(StoredRun))]
[JsonSerializable(typeof(RunPlan))]
[JsonSerializable(typeof(TrainingOptions))]
internal sealed partial class ExperimentJson : JsonSerializerContext;
