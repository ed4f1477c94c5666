using System.Text.Json;
using System.Text.Json.Serialization;
using LowRank.Training.Optimization;

namespace LowRank.Training.Runs;

/// <summary>Writes what ranks divide in JSON by its name on the command line.</summary>
internal sealed class ShardingConverter : JsonConverter<Sharding>
{
    /// <inheritdoc />
    public override Sharding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && ShardingNames.Find(reader.GetString()!) is { } sharding
            ? sharding
            : throw new JsonException();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Sharding value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Key());
}
