namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>
/// The values of published models' <c>config.json</c> that say what they compute, as docs/architectures.md has the models.
/// </summary>
internal static class PublishedConfigs
{
    /// <summary>Class, published parameters and configuration of each.</summary>
    public static IReadOnlyList<(string Class, long Parameters, string Config)> All { get; } =
    [
        (
            "Gpt2",
            124_439_808,
            """{"model_type": "gpt2", "vocab_size": 50257, "n_positions": 1024, "n_ctx": 1024, "n_embd": 768, "n_layer": 12, "n_head": 12, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05}"""
        ),
        (
            "GptNeo",
            125_198_592,
            """{"model_type": "gpt_neo", "vocab_size": 50257, "max_position_embeddings": 2048, "hidden_size": 768, "num_layers": 12, "num_heads": 12, "intermediate_size": null, "window_size": 256, "activation_function": "gelu_new", "attention_types": [[["global", "local"], 6]], "layer_norm_epsilon": 1e-05}"""
        ),
        (
            "Pythia",
            162_322_944,
            """{"model_type": "gpt_neox", "vocab_size": 50304, "max_position_embeddings": 2048, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072, "hidden_act": "gelu", "layer_norm_eps": 1e-05, "rotary_pct": 0.25, "rotary_emb_base": 10000, "use_parallel_residual": true, "tie_word_embeddings": false}"""
        ),
        (
            "Llama32",
            1_235_814_400,
            """{"model_type": "llama", "vocab_size": 128256, "max_position_embeddings": 131072, "hidden_size": 2048, "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64, "intermediate_size": 8192, "hidden_act": "silu", "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0, "original_max_position_embeddings": 8192, "rope_type": "llama3"}, "attention_bias": false, "mlp_bias": false, "pretraining_tp": 1, "tie_word_embeddings": true}"""
        ),
        (
            "Mistral",
            7_241_732_096,
            """{"model_type": "mistral", "vocab_size": 32000, "max_position_embeddings": 32768, "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336, "hidden_act": "silu", "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "sliding_window": 4096, "tie_word_embeddings": false}"""
        ),
        (
            "Phi3",
            3_821_079_552,
            """{"model_type": "phi3", "vocab_size": 32064, "max_position_embeddings": 4096, "original_max_position_embeddings": 4096, "hidden_size": 3072, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32, "intermediate_size": 8192, "hidden_act": "silu", "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "rope_scaling": null, "sliding_window": 2047, "tie_word_embeddings": false}"""
        ),
        (
            "Qwen3",
            596_049_920,
            """{"model_type": "qwen3", "vocab_size": 151936, "max_position_embeddings": 32768, "hidden_size": 1024, "num_hidden_layers": 28, "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": 3072, "hidden_act": "silu", "rms_norm_eps": 1e-06, "rope_theta": 1000000, "rope_scaling": null, "attention_bias": false, "use_sliding_window": false, "sliding_window": null, "max_window_layers": 28, "tie_word_embeddings": true}"""
        ),
        (
            "Gemma2",
            2_614_341_888,
            """{"model_type": "gemma2", "vocab_size": 256000, "max_position_embeddings": 8192, "hidden_size": 2304, "num_hidden_layers": 26, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "intermediate_size": 9216, "hidden_act": "gelu_pytorch_tanh", "hidden_activation": "gelu_pytorch_tanh", "rms_norm_eps": 1e-06, "rope_theta": 10000.0, "query_pre_attn_scalar": 256, "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0, "sliding_window": 4096, "attention_bias": false}"""
        ),
        (
            "Gemma3",
            999_885_952,
            """{"model_type": "gemma3_text", "vocab_size": 262144, "max_position_embeddings": 32768, "hidden_size": 1152, "num_hidden_layers": 26, "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 256, "intermediate_size": 6912, "hidden_activation": "gelu_pytorch_tanh", "rms_norm_eps": 1e-06, "rope_theta": 1000000, "rope_local_base_freq": 10000, "rope_scaling": null, "query_pre_attn_scalar": 256, "attn_logit_softcapping": null, "final_logit_softcapping": null, "sliding_window": 512, "sliding_window_pattern": 6, "attention_bias": false}"""
        ),
        (
            "Olmo2",
            1_484_916_736,
            """{"model_type": "olmo2", "vocab_size": 100352, "max_position_embeddings": 4096, "hidden_size": 2048, "num_hidden_layers": 16, "num_attention_heads": 16, "num_key_value_heads": 16, "intermediate_size": 8192, "hidden_act": "silu", "rms_norm_eps": 1e-06, "rope_theta": 500000, "rope_scaling": null, "attention_bias": false, "tie_word_embeddings": false}"""
        ),
        (
            "SmolLm3",
            3_075_098_624,
            """{"model_type": "smollm3", "vocab_size": 128256, "max_position_embeddings": 65536, "hidden_size": 2048, "num_hidden_layers": 36, "num_attention_heads": 16, "num_key_value_heads": 4, "intermediate_size": 11008, "hidden_act": "silu", "rms_norm_eps": 1e-06, "rope_theta": 5000000.0, "rope_scaling": null, "no_rope_layer_interval": 4, "attention_bias": false, "mlp_bias": false, "use_sliding_window": false, "sliding_window": null, "max_window_layers": 28, "pretraining_tp": 2, "tie_word_embeddings": true}"""
        ),
        (
            "Mixtral",
            46_702_792_704,
            """{"model_type": "mixtral", "vocab_size": 32000, "max_position_embeddings": 32768, "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336, "hidden_act": "silu", "rms_norm_eps": 1e-05, "rope_theta": 1000000.0, "sliding_window": null, "num_local_experts": 8, "num_experts_per_tok": 2, "router_aux_loss_coef": 0.02, "tie_word_embeddings": false}"""
        ),
        (
            "Qwen3Moe",
            30_532_122_624,
            """{"model_type": "qwen3_moe", "vocab_size": 151936, "max_position_embeddings": 40960, "hidden_size": 2048, "num_hidden_layers": 48, "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128, "intermediate_size": 6144, "moe_intermediate_size": 768, "hidden_act": "silu", "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "rope_scaling": null, "num_experts": 128, "num_experts_per_tok": 8, "norm_topk_prob": true, "decoder_sparse_step": 1, "mlp_only_layers": [], "attention_bias": false, "use_sliding_window": false, "sliding_window": null, "max_window_layers": 48, "tie_word_embeddings": false}"""
        ),
        (
            "DeepSeekV2Lite",
            15_706_484_224,
            """{"model_type": "deepseek_v2", "vocab_size": 102400, "max_position_embeddings": 163840, "hidden_size": 2048, "num_hidden_layers": 27, "num_attention_heads": 16, "num_key_value_heads": 16, "kv_lora_rank": 512, "q_lora_rank": null, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "intermediate_size": 10944, "moe_intermediate_size": 1408, "first_k_dense_replace": 1, "moe_layer_freq": 1, "n_routed_experts": 64, "n_shared_experts": 2, "num_experts_per_tok": 6, "n_group": 1, "topk_group": 1, "topk_method": "greedy", "scoring_func": "softmax", "norm_topk_prob": false, "routed_scaling_factor": 1.0, "hidden_act": "silu", "rms_norm_eps": 1e-06, "rope_theta": 10000, "rope_scaling": {"beta_fast": 32, "beta_slow": 1, "factor": 40, "mscale": 0.707, "mscale_all_dim": 0.707, "original_max_position_embeddings": 4096, "type": "yarn"}, "attention_bias": false, "pretraining_tp": 1, "tie_word_embeddings": false}"""
        ),
    ];
}
