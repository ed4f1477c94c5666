using System.Text.Json.Serialization;

namespace LowRank.Training.Data;

/// <summary>How the descriptions of prepared data are written.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(DatasetManifest))]
[JsonSerializable(typeof(TokenShardFormat))]
internal sealed partial class DataJson : JsonSerializerContext;
