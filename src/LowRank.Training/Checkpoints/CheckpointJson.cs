using System.Text.Json;
using System.Text.Json.Serialization;

namespace LowRank.Training.Checkpoints;

/// <summary>How <c>checkpoint.json</c> is written, without reflection at run time.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckpointInfo))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
