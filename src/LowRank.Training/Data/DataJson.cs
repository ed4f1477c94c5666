using System.Text.Json.Serialization;
using LowRank.Training.Data.Examples;

namespace LowRank.Training.Data;

/// <summary>How the descriptions of prepared data are written.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(DatasetManifest))]
[JsonSerializable(typeof(TokenShardFormat))]
[JsonSerializable(typeof(ExampleManifest))]
internal sealed partial class DataJson : JsonSerializerContext;
