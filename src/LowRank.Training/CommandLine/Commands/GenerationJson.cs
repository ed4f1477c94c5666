using System.Text.Json;
using LowRank.Training.Generation;
using LowRank.Training.Json;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>Generated texts and how fast they came, as one JSON document.</summary>
internal static class GenerationJson
{
    public static void Print(
        TextWriter output,
        IReadOnlyList<string> prompts,
        IReadOnlyList<string> continuations,
        TextGenerator generator
    ) =>
        JsonOutput.Print(
            output,
            document =>
            {
                document.WriteStartArray("texts");
                foreach (var (prompt, continuation) in prompts.Zip(continuations))
                {
                    document.WriteStartObject();
                    document.WriteString("prompt", prompt);
                    document.WriteString("continuation", continuation);
                    document.WriteEndObject();
                }

                document.WriteEndArray();
                WriteSpeed(document, generator.Speed);
            }
        );

    /// <summary>Writes how fast they came.</summary>
    public static void WriteSpeed(Utf8JsonWriter document, GenerationSpeed speed)
    {
        document.WriteNumber("promptTokens", speed.PromptTokens);
        document.WriteReal("promptSeconds", speed.PromptSeconds);
        document.WriteReal("promptTokensPerSecond", speed.PromptTokensPerSecond);
        document.WriteNumber("furtherTokens", speed.Tokens);
        document.WriteReal("furtherSeconds", speed.Seconds);
        document.WriteReal("furtherTokensPerSecond", speed.TokensPerSecond);
    }
}
