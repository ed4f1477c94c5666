using System.Text.Json.Serialization;

namespace LowRank.Training.FineTuning;

/// <summary>How <c>adapter.json</c> is written, without reflection at run time.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AdapterInfo))]
internal sealed partial class AdapterJson : JsonSerializerContext;
