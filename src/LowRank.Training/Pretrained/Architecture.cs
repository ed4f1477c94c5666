namespace LowRank.Training.Pretrained;

/// <summary>The architectures whose Hugging Face checkpoints are read and written.</summary>
public enum Architecture
{
    /// <summary>GPT-2: learned positions, LayerNorm, biases, fused query, key and value weights stored transposed.</summary>
    Gpt2,

    /// <summary>LLaMA: rotary positions, RMSNorm, gated feed-forward, grouped queries.</summary>
    Llama,

    /// <summary>Mistral: LLaMA with a sliding window.</summary>
    Mistral,

    /// <summary>Qwen2: LLaMA with biases of queries, keys and values.</summary>
    Qwen2,

    /// <summary>Qwen3: LLaMA with normalized query and key heads.</summary>
    Qwen3,
}
