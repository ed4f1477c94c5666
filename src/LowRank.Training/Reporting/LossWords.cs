using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Runs;
using LowRank.Training.Wording;

namespace LowRank.Training.Reporting;

/// <summary>How a loss over a whole text is said, and over the sources of a mixture.</summary>
internal static class LossWords
{
    /// <summary>The loss, its perplexity, its bits per byte and what it is measured on; behind it the loss of each source.</summary>
    public static string Of(double loss, long tokens, double? bitsPerByte, IReadOnlyList<SourceLoss>? sources, string unit = "") =>
        $"loss {Quantity.Loss(loss)}{unit}, perplexity {Quantity.Perplexity(Math.Exp(loss))}{Bits(bitsPerByte)}, over {Quantity.Count(tokens)} tokens"
        + string.Concat((sources ?? []).Select((source, i) => $"{(i == 0 ? "; " : ", ")}{source.Source} {Quantity.Loss(source.Loss)}"));

    /// <summary>Writes bits per byte as a member of an object, where they are known.</summary>
    public static void WriteBitsPerByte(Utf8JsonWriter json, double? bits, string name = "bitsPerByte")
    {
        if (bits is { } known)
            json.WriteReal(name, known);
    }

    /// <summary>Writes the sources' losses as a member of an object.</summary>
    public static void WriteSources(Utf8JsonWriter json, IReadOnlyList<SourceLoss> sources)
    {
        json.WriteStartArray("sources");
        foreach (var source in sources)
        {
            json.WriteStartObject();
            json.WriteString("source", source.Source);
            json.WriteReal("loss", source.Loss);
            WriteBitsPerByte(json, source.BitsPerByte);
            json.WriteNumber("tokens", source.Tokens);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Bits(double? bitsPerByte) => bitsPerByte is { } bits ? $", {Quantity.Loss(bits)} bits per byte" : "";
}
