using System.Text.Json.Serialization;

namespace LowRank.Training.Data.Shards;

/// <summary>How <c>tokens.json</c> is written, and how strictly it is read.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(TokenFolderManifest))]
internal sealed partial class TokenFolderJson : JsonSerializerContext;
