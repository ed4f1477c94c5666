using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>The <c>config.json</c> of GPT-Neo.</summary>
internal static class GptNeoConfig
{
    private static readonly GptConfig Keys = new(
        "hidden_size",
        "num_layers",
        "num_heads",
        "max_position_embeddings",
        "intermediate_size",
        "activation_function",
        "layer_norm_epsilon",
        UsualActivation: "gelu_new",
        MayLackHidden: true
    );

    /// <summary>Reads it; what it leaves out has the library's defaults.</summary>
    public static TransformerFacts Read(ConfigValues values)
    {
        var facts = Keys.Read(values);
        return facts with
        {
            Windows = Windows(values, facts.Depth),
            ScoreScales = [.. Enumerable.Repeat((double?)1, facts.Depth)],
            Biases = TransformerFacts.BiasesOf(queryKeyValue: false, output: true, feedForward: true, gated: false),
        };
    }

    /// <summary>Writes what is GPT-Neo's own.</summary>
    public static void Write(Utf8JsonWriter json, TransformerFacts facts)
    {
        var windows = facts.WindowsWithin(facts.Context);
        json.WriteNumber("vocab_size", facts.Vocabulary);
        json.WriteNumber("max_position_embeddings", facts.Context);
        json.WriteNumber("hidden_size", facts.Width);
        json.WriteNumber("num_layers", facts.Depth);
        json.WriteNumber("num_heads", facts.Heads);
        json.WriteNumber("intermediate_size", facts.Hidden);
        json.WriteString("activation_function", ActivationNames.Write(facts.Activation, Architecture.GptNeo));
        json.WriteNumber("layer_norm_epsilon", facts.NormEpsilon);
        json.WriteNumber("window_size", windows.FirstOrDefault(window => window is not null) ?? facts.Context);
        json.WriteStartArray("attention_types");
        foreach (var window in windows)
        {
            json.WriteStartArray();
            json.WriteStartArray();
            json.WriteStringValue(window is null ? "global" : "local");
            json.WriteEndArray();
            json.WriteNumberValue(1);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("attention_layers");
        foreach (var window in windows)
            json.WriteStringValue(window is null ? "global" : "local");
        json.WriteEndArray();
        foreach (var dropout in new[] { "attention_dropout", "embed_dropout", "resid_dropout" })
            json.WriteNumber(dropout, 0);
    }

    private static int?[] Windows(ConfigValues values, int depth)
    {
        var window = values.OptionalWhole("window_size") ?? 256;
        var types =
            values.Repeated("attention_types") ?? [.. Enumerable.Range(0, depth).Select(block => block % 2 == 0 ? "global" : "local")];
        values.Refuse(types.Count != depth, $"attention_types names {types.Count} layers of {depth}");
        foreach (var type in types.Distinct())
            values.Refuse(type is not ("global" or "local"), $"attention_types has {ShownText.Of(type)}, which can't be declared");
        values.Refuse(
            values.Texts("attention_layers") is { } layers && !layers.SequenceEqual(types),
            "attention_layers and attention_types differ; keep the one that holds"
        );
        return [.. Enumerable.Range(0, depth).Select(block => block < types.Count && types[block] == "local" ? (int?)window : null)];
    }
}
