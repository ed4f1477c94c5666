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

    /// <summary>OLMo 2: LLaMA with its norms after the sublayers, and norms over all queries and all keys.</summary>
    Olmo2,

    /// <summary>Gemma 2: norms before and after the sublayers, a scaled embedding, caps of scores and logits, windows.</summary>
    Gemma2,

    /// <summary>Gemma 3, its text model: Gemma 2 with normalized heads, and frequencies of their own where there is a window.</summary>
    Gemma3Text,

    /// <summary>GPT-Neo: GPT-2 with windows, without biases of queries, keys and values, scores unscaled.</summary>
    GptNeo,

    /// <summary>Phi-3: LLaMA with fused projections, and heads of which a part may be rotated.</summary>
    Phi3,

    /// <summary>GPT-NeoX, Pythia: a parallel residual or none, LayerNorm, biases, heads of which a part is rotated.</summary>
    GptNeoX,

    /// <summary>Mixtral: Mistral with a mixture of experts in every block.</summary>
    Mixtral,

    /// <summary>Qwen3 with mixtures of experts in some blocks or all.</summary>
    Qwen3Moe,

    /// <summary>DeepSeek-V2, as its Lite model is: latent attention, dense blocks first, then mixtures with shared experts.</summary>
    DeepSeekV2,

    /// <summary>SmolLM3: LLaMA with blocks that don't rotate.</summary>
    SmolLm3,
}
