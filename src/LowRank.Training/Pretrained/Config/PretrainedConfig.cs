using System.Text.Json;

namespace LowRank.Training.Pretrained;

/// <summary>What a checkpoint's <c>config.json</c> says.</summary>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Facts">What it computes.</param>
internal sealed record PretrainedConfig(Architecture Architecture, TransformerFacts Facts)
{
    public const string FileName = "config.json";

    /// <summary>Marks the <c>model_type</c> of a checkpoint whose factors were kept: other libraries must not load it as the dense model.</summary>
    public const string FactoredPrefix = "lowrank_";

    /// <summary>Reads it.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <exception cref="InputException">It is missing or no JSON, names another architecture, or asks for what can't be declared; all reasons at once.</exception>
    public static PretrainedConfig Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new JsonException("it is no object.");
            return Read(new ConfigValues(document.RootElement), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message} Give the folder of a Hugging Face checkpoint.");
        }
    }

    private static PretrainedConfig Read(ConfigValues values, string path)
    {
        var type = values.Text("model_type");
        var name = type?.StartsWith(FactoredPrefix, StringComparison.Ordinal) == true ? type[FactoredPrefix.Length..] : type;
        if (name is null || ArchitectureNames.Find(name) is not { } architecture)
            throw new InputException($"'{path}' names the architecture '{type}', which is not read; {ArchitectureNames.All} are.");
        var facts = architecture == Architecture.Gpt2 ? Gpt2Config.Read(values) : RotaryConfig.Read(values, architecture);
        if (values.Problems.Count > 0)
            throw new InputException($"'{path}' cannot be used: {string.Join("; ", values.Problems)}.");
        return new PretrainedConfig(architecture, facts);
    }
}
