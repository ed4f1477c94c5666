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
            Architecture.Qwen3 => "qwen3",
            Architecture.Olmo2 => "olmo2",
            Architecture.Gemma2 => "gemma2",
            Architecture.Gemma3Text => "gemma3_text",
            Architecture.Phi3 => "phi3",
            Architecture.GptNeoX => "gpt_neox",
            Architecture.Mixtral => "mixtral",
            Architecture.Qwen3Moe => "qwen3_moe",
            Architecture.DeepSeekV2 => "deepseek_v2",
            Architecture.SmolLm3 => "smollm3",
            _ => "gpt_neo",
        };

    /// <summary>The class of Hugging Face's library that runs it.</summary>
    public static string Class(this Architecture architecture) =>
        architecture switch
        {
            Architecture.Gpt2 => "GPT2LMHeadModel",
            Architecture.Llama => "LlamaForCausalLM",
            Architecture.Mistral => "MistralForCausalLM",
            Architecture.Qwen2 => "Qwen2ForCausalLM",
            Architecture.Qwen3 => "Qwen3ForCausalLM",
            Architecture.Olmo2 => "Olmo2ForCausalLM",
            Architecture.Gemma2 => "Gemma2ForCausalLM",
            Architecture.Gemma3Text => "Gemma3ForCausalLM",
            Architecture.Phi3 => "Phi3ForCausalLM",
            Architecture.GptNeoX => "GPTNeoXForCausalLM",
            Architecture.Mixtral => "MixtralForCausalLM",
            Architecture.Qwen3Moe => "Qwen3MoeForCausalLM",
            Architecture.DeepSeekV2 => "DeepseekV2ForCausalLM",
            Architecture.SmolLm3 => "SmolLM3ForCausalLM",
            _ => "GPTNeoForCausalLM",
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
