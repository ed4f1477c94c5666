using System.Text.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>Writes <c>config.json</c> as Hugging Face's library reads it.</summary>
internal static class ConfigWriter
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="architecture">The architecture.</param>
    /// <param name="facts">What the model computes.</param>
    /// <param name="precision">The type of its weights.</param>
    /// <param name="factored">Whether factors are kept, which no other library can load.</param>
    /// <param name="tokenizer">What is known of the ids with which texts begin and end; null where there is no tokenizer.</param>
    public static void Write(
        string path,
        Architecture architecture,
        TransformerFacts facts,
        WeightPrecision precision,
        bool factored,
        ExportedTokenizer? tokenizer
    )
    {
        using var stream = File.Create(path);
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        if (factored)
            json.WriteString("model_type", PretrainedConfig.FactoredPrefix + architecture.Key());
        else
        {
            json.WriteStartArray("architectures");
            json.WriteStringValue(architecture.Class());
            json.WriteEndArray();
            json.WriteString("model_type", architecture.Key());
        }

        switch (architecture)
        {
            case Architecture.Gpt2:
                Gpt2Config.Write(json, facts);
                break;
            case Architecture.GptNeo:
                GptNeoConfig.Write(json, facts);
                break;
            case Architecture.Gemma2 or Architecture.Gemma3Text:
                GemmaConfig.Write(json, facts, architecture);
                break;
            case Architecture.GptNeoX:
                GptNeoXConfig.Write(json, facts);
                break;
            case Architecture.DeepSeekV2:
                DeepSeekV2Config.Write(json, facts);
                break;
            default:
                RotaryConfig.Write(json, facts, architecture);
                break;
        }

        json.WriteBoolean("tie_word_embeddings", facts.TiedHead);
        json.WriteString("torch_dtype", precision.LongName());
        json.WriteBoolean("use_cache", true);
        if (tokenizer is not null)
        {
            var (hasEnds, hasBegin) = tokenizer.Ids.WriteConfig(json);
            if (!hasBegin)
                json.WriteNumber("bos_token_id", tokenizer.Begin);
            if (!hasEnds)
                WriteEnds(json, tokenizer.Ends);
        }

        json.WriteEndObject();
    }

    private static void WriteEnds(Utf8JsonWriter json, IReadOnlyList<int> ends)
    {
        if (ends is [var only])
        {
            json.WriteNumber("eos_token_id", only);
            return;
        }

        json.WriteStartArray("eos_token_id");
        foreach (var id in ends)
            json.WriteNumberValue(id);
        json.WriteEndArray();
    }
}
