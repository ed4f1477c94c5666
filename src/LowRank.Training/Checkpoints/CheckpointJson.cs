using System.Text.Json.Serialization;

namespace LowRank.Training.Checkpoints;

/// <summary>
/// How <c>checkpoint.json</c> is written, without reflection at run time, and how strictly it is read. What JSON has no number for stands
/// there by name: the clip norm of a run that doesn't clip, the perplexity of a loss that is large and finite.
/// </summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(CheckpointInfo))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
