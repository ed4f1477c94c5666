namespace LowRank.Training.Pretrained;

/// <summary>What the architectures are called.</summary>
internal static class ArchitectureNames
{
    /// <summary>The <c>model_type</c> of <c>config.json</c>, and the name on the command line.</summary>
    public static string Key(this Architecture architecture) =>
        architecture switch
        {
            Architecture.Gpt2 => "gpt2",
            Architecture.Llama => "llama",
            Architecture.Mistral => "mistral",
            Architecture.Qwen2 => "qwen2",
            _ => "qwen3",
        };

    /// <summary>The class of Hugging Face's library that runs it.</summary>
    public static string Class(this Architecture architecture) =>
        architecture switch
        {
            Architecture.Gpt2 => "GPT2LMHeadModel",
            Architecture.Llama => "LlamaForCausalLM",
            Architecture.Mistral => "MistralForCausalLM",
            Architecture.Qwen2 => "Qwen2ForCausalLM",
            _ => "Qwen3ForCausalLM",
        };

    /// <summary>All names, for messages.</summary>
    public static string All { get; } = string.Join(", ", Enum.GetValues<Architecture>().Select(Key));

    /// <summary>The architecture of a name, or null.</summary>
    public static Architecture? Find(string name)
    {
        foreach (var architecture in Enum.GetValues<Architecture>())
        {
            if (string.Equals(architecture.Key(), name, StringComparison.OrdinalIgnoreCase))
                return architecture;
        }

        return null;
    }
}
