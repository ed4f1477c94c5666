using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training;
using LowRank.Training.Pretrained.Config;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>Keys of config.json that change what is computed are read, or refused by their names; none is passed over.</summary>
public sealed class ConfigKeyTests
{
    [Theory]
    [InlineData("llama", "clip_qkv", "8.0")]
    [InlineData("llama", "logit_scale", "0.0625")]
    [InlineData("llama", "logits_scaling", "8")]
    [InlineData("llama", "residual_multiplier", "0.22")]
    [InlineData("llama", "embedding_multiplier", "12")]
    [InlineData("llama", "attention_multiplier", "1.0")]
    [InlineData("llama", "rope_interleave", "true")]
    [InlineData("llama", "use_qk_norm", "true")]
    [InlineData("llama", "use_parallel_residual", "true")]
    [InlineData("llama", "num_local_experts", "8")]
    [InlineData("llama", "is_causal", "false")]
    [InlineData("llama", "no_rope_layers", "[1, 0]")]
    [InlineData("llama", "quantization_config", """{"quant_method": "gptq"}""")]
    [InlineData("llama", "final_logit_softcapping", "30.0")]
    [InlineData("llama", "partial_rotary_factor", "0.5")]
    [InlineData("llama", "layer_types", """["sliding_attention", "full_attention"]""")]
    [InlineData("llama", "num_key_value_heads", "3")]
    [InlineData("llama", "rms_norm_eps", "-1e-6")]
    [InlineData("mistral", "attention_bias", "true")]
    [InlineData("mistral", "mlp_bias", "true")]
    [InlineData("qwen3-hybrid", "layer_types", """["chunked_attention", "full_attention", "sliding_attention"]""")]
    [InlineData("qwen3", "layer_types", """["sliding_attention", "full_attention"]""")]
    [InlineData("gemma2", "layer_types", """["linear_attention", "full_attention"]""")]
    [InlineData("gpt-neo", "attention_layers", """["local", "local"]""")]
    [InlineData("phi3", "rope_scaling", """{"type": "longrope", "short_factor": [1], "long_factor": [2]}""")]
    [InlineData("phi3", "rope_scaling", """{"type": "linear", "factor": 2.0}""")]
    [InlineData("phi3", "partial_rotary_factor", "1.5")]
    [InlineData("phi3-long", "original_max_position_embeddings", "null")]
    [InlineData("phi3-long", "original_max_position_embeddings", "1")]
    [InlineData(
        "phi3-long",
        "rope_scaling",
        """{"type": "longrope", "short_factor": [1, 1, 1, 1, 1, 0], "long_factor": [1, 1, 1, 1, 1, 1]}"""
    )]
    [InlineData("phi3-long", "rope_scaling", """{"type": "longrope", "short_factor": [1, 1, 1, 1, 1, 1]}""")]
    [InlineData(
        "llama",
        "rope_scaling",
        """{"type": "longrope", "short_factor": [1], "long_factor": [2], "original_max_position_embeddings": 16}"""
    )]
    [InlineData("pythia", "rotary_pct", "0")]
    [InlineData("mixtral", "num_experts_per_tok", "5")]
    [InlineData("mixtral", "num_experts", "5")]
    [InlineData("qwen3-moe", "use_sliding_window", "true")]
    [InlineData("smollm3", "no_rope_layers", "[1, 0]")]
    [InlineData("smollm3", "no_rope_layers", "[1, 0, 2]")]
    [InlineData("smollm3", "use_sliding_window", "true")]
    [InlineData("deepseek-v2", "topk_method", "\"group_limited_greedy\"")]
    [InlineData("deepseek-v2", "scoring_func", "\"sigmoid\"")]
    [InlineData("deepseek-v2", "norm_topk_prob", "true")]
    [InlineData("deepseek-v2", "moe_layer_freq", "2")]
    [InlineData("deepseek-v2", "attention_bias", "true")]
    [InlineData("deepseek-v2", "rms_norm_eps", "1e-5")]
    [InlineData("deepseek-v2", "num_key_value_heads", "2")]
    public void What_would_change_the_model_is_refused_by_its_key(string kind, string key, string value)
    {
        var refused = Assert.Throws<InputException>(() => Read(kind, (key, value)));
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"rope_theta": 500000.0, "partial_rotary_factor": 0.5}""", "partial_rotary_factor")]
    [InlineData("""{"full_attention": {"rope_theta": 1e6}, "sliding_attention": {"rope_theta": 1e4}}""", "full_attention")]
    [InlineData("\"yarn\"", "rope_parameters must be an object")]
    [InlineData("[1.0]", "rope_parameters must be an object")]
    [InlineData("""{"rope_theta": 10000.0}""", "rope_theta")]
    [InlineData("""{"rope_type": "linear", "factor": 2.0, "mrope_section": [1, 2]}""", "mrope_section")]
    [InlineData("""{"rope_type": "linear", "type": "yarn", "factor": 2.0}""", "rope_parameters.type")]
    [InlineData("""{"rope_type": "llama3", "factor": "2.0"}""", "rope_parameters.factor")]
    [InlineData("""{"rope_type": "default", "factor": 2.0}""", "rope_parameters.factor")]
    [InlineData(
        """{"rope_type": "yarn", "factor": 2.0, "original_max_position_embeddings": 16, "truncate": false}""",
        "rope_parameters.truncate"
    )]
    [InlineData("""{"rope_type": "yarn", "factor": 2.0, "original_max_position_embeddings": 16, "mscale": 0.7}""", "mscale_all_dim")]
    public void What_a_rotary_object_says_is_read_or_refused(string value, string named)
    {
        var refused = Assert.Throws<InputException>(() => Read("llama", ("rope_parameters", value)));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_base_within_a_scaling_is_read_and_one_beside_it_must_agree()
    {
        var scaling = """{"rope_type": "linear", "factor": 2.0, "rope_theta": 250000.0}""";
        Assert.Contains(
            "rope_scaling.rope_theta and rope_theta differ",
            Assert.Throws<InputException>(() => Read("llama", ("rope_scaling", scaling))).Message,
            StringComparison.Ordinal
        );
        var facts = Read("llama", ("rope_theta", "null"), ("rope_scaling", scaling)).Facts;
        Assert.Equal((250_000, 2), (facts.OnlyRotation!.Base, facts.OnlyRotation.Scaling!.Factor));
        Assert.Contains(
            "rope_parameters and rope_scaling",
            Assert
                .Throws<InputException>(() =>
                    Read(
                        "llama",
                        ("rope_scaling", """{"type": "linear", "factor": 2}"""),
                        ("rope_parameters", """{"rope_theta": 500000}""")
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void One_object_per_layer_type_is_read_of_Gemma_3()
    {
        var parameters =
            """{"full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 500.0}, "sliding_attention": {"rope_theta": 300.0}}""";
        (string, string)[] others = [("rope_theta", "null"), ("rope_local_base_freq", "null"), ("rope_scaling", "null")];
        var rotations = Read("gemma3", [("rope_parameters", parameters), .. others]).Facts.Rotations;
        Assert.Equal([300, 300, 500], rotations.Select(rotation => rotation!.Base));
        Assert.Equal([null, null, 8], rotations.Select(rotation => rotation!.Scaling?.Factor));
        foreach (
            var (wrong, key) in new[]
            {
                (
                    """{"full_attention": {}, "sliding_attention": {"rope_type": "linear", "factor": 2}}""",
                    "rope_parameters.sliding_attention"
                ),
                ("""{"full_attention": {}, "chunked_attention": {}}""", "rope_parameters.chunked_attention"),
            }
        )
        {
            var refused = Assert.Throws<InputException>(() => Read("gemma3", [("rope_parameters", wrong), .. others]));
            Assert.Contains(key, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_changes_nothing_is_no_obstacle()
    {
        var facts = Read(
            "llama",
            ("pretraining_tp", "2"),
            ("clip_qkv", "null"),
            ("logit_scale", "1"),
            ("residual_multiplier", "1.0"),
            ("partial_rotary_factor", "1.0"),
            ("num_experts", "0"),
            ("use_qk_norm", "false"),
            ("is_causal", "true"),
            ("layer_types", """["full_attention", "full_attention"]"""),
            ("rope_scaling", """{"rope_type": "default", "rope_theta": 500000.0}"""),
            ("initializer_range", "0.02"),
            ("unheard_of", "{}")
        ).Facts;
        Assert.Equal(500_000, facts.OnlyRotation!.Base);
    }

    private static PretrainedConfig Read(string kind, params (string Key, string Value)[] changes)
    {
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create(kind);
        foreach (var (key, value) in changes)
            checkpoint.Config[key] = JsonNode.Parse(value);
        return PretrainedConfig.Read(checkpoint.Save(folder.Under("hf")));
    }
}
