using System.Text.Json;
using System.Text.Json.Serialization;

using LowRank.Training.FineTuning;

namespace LowRank.Training.Checkpoints;

/// <summary>How <c>checkpoint.json</c> is written, without reflection at run time.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckpointInfo))]
[JsonSerializable(typeof(AdapterInfo))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
