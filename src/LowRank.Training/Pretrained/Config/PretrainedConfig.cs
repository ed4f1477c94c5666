using LowRank.Training.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>What a checkpoint's <c>config.json</c> says.</summary>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Facts">What it computes.</param>
/// <param name="QueryScale">
/// What queries are multiplied by besides, since no declaration says it: the scale of DeepSeek's scores by YaRN.
/// </param>
internal sealed record PretrainedConfig(Architecture Architecture, TransformerFacts Facts, double QueryScale = 1)
{
    public const string FileName = "config.json";

    private const int MostShown = 8;

    /// <summary>
    /// Marks the <c>model_type</c> of a checkpoint whose factors were kept: other libraries must not load it as the dense model.
    /// </summary>
    public const string FactoredPrefix = "lowrank_";

    /// <summary>Reads it.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <exception cref="InputException">It is missing or no JSON, names another architecture, or asks for what can't be declared; all
    /// reasons at once.</exception>
    public static PretrainedConfig Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new InputException($"There is no {FileName} in '{folder}'; give the folder of a Hugging Face checkpoint.");
        var root = JsonFile.Read(path);
        return Read(new ConfigValues(root.IsObject ? root : throw root.MustBe("an object")), path);
    }

    private static PretrainedConfig Read(ConfigValues values, string path)
    {
        var type = values.Text("model_type");
        RefuseIfWrong(values, path);
        var name = type?.StartsWith(FactoredPrefix, StringComparison.Ordinal) == true ? type[FactoredPrefix.Length..] : type;
        if (name is null || ArchitectureNames.Find(name) is not { } architecture)
            throw new InputException(
                $"{path}: {(type is null ? "model_type is missing" : $"model_type is {ShownText.Of(type)}, which is not read")}; {ArchitectureNames.All} are read."
            );
        var facts = architecture switch
        {
            Architecture.Gpt2 => Gpt2Config.Read(values),
            Architecture.GptNeo => GptNeoConfig.Read(values),
            Architecture.Gemma2 or Architecture.Gemma3Text => GemmaConfig.Read(values, architecture),
            Architecture.GptNeoX => GptNeoXConfig.Read(values),
            Architecture.DeepSeekV2 => DeepSeekV2Config.Read(values),
            _ => RotaryConfig.Read(values, architecture),
        };
        values.Refuse(
            facts.Heads % facts.KeyValueHeads != 0,
            $"num_key_value_heads {facts.KeyValueHeads} does not divide num_attention_heads {facts.Heads}"
        );
        NeutralKeys.CheckLayerTypes(values, facts.Windows);
        NeutralKeys.Check(values, architecture);
        var scale = architecture == Architecture.DeepSeekV2 ? RotationConfig.ScoreScale(values) : null;
        RefuseIfWrong(values, path);
        return new PretrainedConfig(architecture, facts, scale ?? 1);
    }

    private static void RefuseIfWrong(ConfigValues values, string path)
    {
        List<string> problems = [.. values.Problems.Distinct(StringComparer.Ordinal)];
        if (problems.Count == 0)
            return;
        var rest = problems.Count > MostShown ? $"; and {problems.Count - MostShown} more" : "";
        throw new InputException($"{path}: {string.Join("; ", problems.Take(MostShown))}{rest}.");
    }
}
