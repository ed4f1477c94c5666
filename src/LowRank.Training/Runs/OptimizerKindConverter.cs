using System.Text.Json;
using System.Text.Json.Serialization;

namespace LowRank.Training.Runs;

/// <summary>Writes an optimizer in JSON by its name on the command line.</summary>
internal sealed class OptimizerKindConverter : JsonConverter<OptimizerKind>
{
    /// <inheritdoc />
    public override OptimizerKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && OptimizerKinds.Find(reader.GetString()!) is { } kind ? kind : throw new JsonException();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, OptimizerKind value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Key());
}
