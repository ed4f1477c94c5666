using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using LowRank.Training.Weights;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

public sealed class MismatchTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Missing_unexpected_and_misshapen_tensors_are_listed_at_once_with_names_and_shapes()
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        checkpoint.Tensors.Remove("model.layers.0.self_attn.k_proj.weight");
        checkpoint.Tensors.Remove("model.layers.1.mlp.down_proj.weight");
        checkpoint.Tensors["model.layers.0.self_attn.q_proj.bias"] = zeros(48);
        checkpoint.Tensors["model.layers.2.mlp.up_proj.weight"] = zeros(96, 48);
        checkpoint.Tensors["model.layers.1.mlp.gate_proj.weight"] = zeros(48, 96);
        checkpoint.Tensors["model.norm.weight"] = zeros(64);
        checkpoint.Tensors["lm_head.weight"] = checkpoint.Tensors["lm_head.weight"].to(ScalarType.Float64);
        checkpoint.Tensors["model.embed_tokens.weight"] = checkpoint.Tensors["model.embed_tokens.weight"].to(ScalarType.Int64);
        var mismatch = Refused("TinyLlama", checkpoint);
        Assert.Equal(
            ["model.layers.0.self_attn.k_proj.weight", "model.layers.1.mlp.down_proj.weight"],
            mismatch.Missing.Select(one => one.Name)
        );
        Assert.Equal([24L, 48L], mismatch.Missing[0].Shape);
        Assert.Equal(
            ["model.layers.0.self_attn.q_proj.bias", "model.layers.2.mlp.up_proj.weight"],
            mismatch.Unexpected.Select(one => one.Name)
        );
        Assert.Equal(["model.layers.1.mlp.gate_proj.weight", "model.norm.weight"], mismatch.Misshapen.Select(one => one.Name));
        Assert.Equal([96L, 48L], mismatch.Misshapen[0].Expected);
        Assert.Equal([48L, 96L], mismatch.Misshapen[0].Found);
        Assert.Equal(
            [("model.embed_tokens.weight", "I64"), ("lm_head.weight", "F64")],
            mismatch.Unreadable.Select(one => (one.Name, one.Type))
        );
        Assert.Empty(mismatch.Contradictions);
        Assert.Equal(8, mismatch.Lines().Count());
    }

    [Theory]
    [InlineData("hidden_size", "64", "width", "48", "64")]
    [InlineData("num_hidden_layers", "3", "depth", "2", "3")]
    [InlineData("num_attention_heads", "2", "heads", "4", "2")]
    [InlineData("num_key_value_heads", "4", "key/value heads", "2", "4")]
    [InlineData("head_dim", "24", "head size", "12", "24")]
    [InlineData("intermediate_size", "128", "hidden size of the feed-forward layers", "96", "128")]
    [InlineData("vocab_size", "512", "vocabulary", "320", "512")]
    [InlineData("max_position_embeddings", "16", "context", "32", "16")]
    [InlineData("rms_norm_eps", "1e-5", "epsilon of the norms", "1E-06", "1E-05")]
    [InlineData("rope_theta", "10000.0", "base of the rotary frequencies", "500000", "10000")]
    [InlineData("rope_scaling", """{"type": "linear", "factor": 2.0}""", "scaling of the rotary frequencies", "none", "Linear by 2")]
    [InlineData("tie_word_embeddings", "true", "head tied to the embedding", "no", "yes")]
    [InlineData("hidden_act", "\"gelu\"", "activation", "Silu", "Gelu")]
    [InlineData("attention_bias", "true", "bias of the attention's output", "no", "yes")]
    [InlineData("mlp_bias", "true", "bias of the feed-forward layers", "no", "yes")]
    public void A_contradiction_is_listed_with_both_values(string setting, string value, string property, string declared, string found)
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        checkpoint.Config[setting] = JsonNode.Parse(value);
        var mismatch = Refused("TinyLlama", checkpoint);
        Assert.Contains(new Contradiction(property, declared, found), mismatch.Contradictions);
    }

    [Theory]
    [InlineData("mistral", "TinyMistral", "sliding_window", "7", "6", "7")]
    [InlineData("mistral", "TinyMistral", "sliding_window", "null", "6", "none")]
    [InlineData("qwen3-hybrid", "TinyHybridQwen3", "layer_types", "null", "5 in blocks 0, 2; none in block 1", "none")]
    [InlineData("qwen2", "TinyQwen2", "use_sliding_window", "true", "none", "none in block 0; 4 in block 1")]
    public void A_window_is_compared_block_by_block(string kind, string model, string setting, string value, string declared, string found)
    {
        using var checkpoint = RandomCheckpoint.Create(kind);
        checkpoint.Config[setting] = JsonNode.Parse(value);
        Assert.Equal([new Contradiction("window", declared, found)], Refused(model, checkpoint).Contradictions);
    }

    [Fact]
    public void Norms_in_other_places_are_a_contradiction()
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        var mismatch = Refused("TinyOlmo2", checkpoint);
        Assert.Contains(new Contradiction("place of the norms", "After", "Before"), mismatch.Contradictions);
        Assert.Contains(new Contradiction("norm of queries and keys", "Projection", "None"), mismatch.Contradictions);
        Assert.Contains(mismatch.Unexpected, one => one.Name == "model.layers.0.input_layernorm.weight");
    }

    [Fact]
    public void Another_architecture_is_a_list_of_contradictions()
    {
        using var checkpoint = RandomCheckpoint.Create("gpt2");
        var mismatch = Refused("TinyLlama", checkpoint);
        string[] properties =
        [
            "norm",
            "positions",
            "gated feed-forward",
            "activation",
            "head tied to the embedding",
            "bias of queries, keys and values",
        ];
        Assert.All(properties, property => Assert.Contains(mismatch.Contradictions, one => one.Property == property));
        Assert.Contains(mismatch.Unexpected, one => one.Name == "transformer.wpe.weight");
    }

    [Fact]
    public void A_window_or_context_that_changes_nothing_is_none()
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        checkpoint.Config["model_type"] = "mistral";
        checkpoint.Config["sliding_window"] = 4_096;
        checkpoint.Config["max_position_embeddings"] = 8_192;
        using var loaded = PretrainedModel.Load(
            ModelCatalog.Find("TinyLlama").Single(),
            Variant.Dense,
            checkpoint.Save(folder.Under("hf"))
        );
        var note = Assert.Single(loaded.Notes);
        Assert.Contains("8192", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_frequencies_and_a_second_copy_of_a_tied_head_are_no_weights()
    {
        using var gpt2 = RandomCheckpoint.Create("gpt2-base");
        gpt2.Tensors["h.0.attn.bias"] = ones(1, 1, 32, 32);
        gpt2.Tensors["h.0.attn.masked_bias"] = tensor(-1e4f);
        gpt2.Tensors["lm_head.weight"] = gpt2.Tensors["wte.weight"].clone();
        using var loaded = PretrainedModel.Load(ModelCatalog.Find("TinyGpt2").Single(), Variant.Dense, gpt2.Save(folder.Under("gpt2")));
        using var qwen = RandomCheckpoint.Create("qwen3");
        qwen.Tensors["model.layers.0.self_attn.rotary_emb.inv_freq"] = zeros(8);
        using var other = PretrainedModel.Load(ModelCatalog.Find("TinyQwen3").Single(), Variant.Dense, qwen.Save(folder.Under("qwen")));
        Assert.Equal(Architecture.Qwen3, other.Architecture);
    }

    [Fact]
    public void A_tied_head_that_differs_from_the_embedding_is_refused()
    {
        using var checkpoint = RandomCheckpoint.Create("qwen3");
        checkpoint.Tensors["lm_head.weight"] = checkpoint.Tensors["model.embed_tokens.weight"] + 1e-3;
        Assert.Contains(Refused("TinyQwen3", checkpoint).Others, line => line.StartsWith("lm_head.weight", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("model_type", "\"gptj\"", "gptj")]
    [InlineData("rope_scaling", """{"rope_type": "llama3", "factor": 8.0}""", "llama3")]
    [InlineData("rope_scaling", """{"type": "dynamic", "factor": 2.0}""", "dynamic")]
    [InlineData("rope_scaling", """{"type": "linear"}""", "linear has no factor")]
    [InlineData("rope_parameters", """{"rope_type": "yarn", "rope_theta": 1e4}""", "yarn")]
    [InlineData("hidden_act", "\"mish\"", "mish")]
    [InlineData("hidden_size", "\"wide\"", "hidden_size")]
    [InlineData("intermediate_size", "null", "intermediate_size")]
    [InlineData("num_attention_heads", "5", "num_attention_heads")]
    public void What_cannot_be_declared_is_refused_by_name(string setting, string value, string name)
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        checkpoint.Config[setting] = JsonNode.Parse(value);
        var refused = Assert.Throws<InputException>(() => Load("TinyLlama", checkpoint));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_that_is_missing_cut_off_or_not_what_the_index_says_is_named()
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        var path = checkpoint.Save(folder.Under("hf"), tensorsPerShard: 6);
        var entry = ModelCatalog.Find("TinyLlama").Single();
        var shard = Path.Combine(path, "model-00002.safetensors");
        var content = File.ReadAllBytes(shard);

        File.WriteAllBytes(shard, content[..^100]);
        var cut = Assert.Throws<InputException>(() => PretrainedModel.Load(entry, Variant.Dense, path));
        Assert.Contains("model-00002.safetensors", cut.Message, StringComparison.Ordinal);

        File.Delete(shard);
        var missing = Assert.Throws<PretrainedMismatchException>(() => PretrainedModel.Load(entry, Variant.Dense, path)).Mismatch;
        Assert.Contains("the shard model-00002.safetensors is not there, which model.safetensors.index.json names", missing.Others);
        Assert.Equal(6, missing.Missing.Count);

        File.Copy(Path.Combine(path, "model-00001.safetensors"), shard);
        var wrong = Assert.Throws<PretrainedMismatchException>(() => PretrainedModel.Load(entry, Variant.Dense, path)).Mismatch;
        Assert.Equal(6, wrong.Missing.Count);
        Assert.Contains(wrong.Others, line => line.Contains("model-00002.safetensors does not hold", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tensor_whose_bytes_are_not_those_of_its_shape_is_named_before_anything_is_read()
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        var path = checkpoint.Save(folder.Under("hf"));
        var file = Path.Combine(path, "model.safetensors");
        var content = File.ReadAllBytes(file);
        // In the header alone: "F32" and "F16" are equally long.
        var place = content.AsSpan().IndexOf("\"lm_head.weight\":{\"dtype\":\"F32\""u8) + "\"lm_head.weight\":{\"dtype\":\"F"u8.Length;
        (content[place], content[place + 1]) = ((byte)'1', (byte)'6');
        File.WriteAllBytes(file, content);
        var refused = Assert.Throws<InputException>(() =>
            PretrainedModel.Load(ModelCatalog.Find("TinyLlama").Single(), Variant.Dense, path)
        );
        Assert.Contains("lm_head.weight.data_offsets gives 61440 bytes to F16[320, 48]", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
    )]
    [InlineData("[]")]
    public void A_header_that_makes_no_sense_is_wrong_input(string header)
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        var path = checkpoint.Save(folder.Under("hf"));
        File.WriteAllBytes(
            Path.Combine(path, "model.safetensors"),
            [.. BitConverter.GetBytes((ulong)header.Length), .. System.Text.Encoding.UTF8.GetBytes(header), 0, 0, 0, 0]
        );
        var refused = Assert.Throws<InputException>(() =>
            PretrainedModel.Load(ModelCatalog.Find("TinyLlama").Single(), Variant.Dense, path)
        );
        Assert.Contains("model.safetensors", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_safetensors_says_what_it_holds_instead()
    {
        var path = folder.Under("hf");
        Directory.CreateDirectory(path);
        Assert.Contains(
            "config.json",
            Assert.Throws<InputException>(() => PretrainedModel.Load(ModelCatalog.Find("TinyLlama").Single(), Variant.Dense, path)).Message,
            StringComparison.Ordinal
        );
        using var checkpoint = RandomCheckpoint.Create("llama");
        checkpoint.Save(path);
        File.Move(Path.Combine(path, "model.safetensors"), Path.Combine(path, "pytorch_model.bin"));
        Assert.Contains(
            "pytorch_model.bin",
            Assert.Throws<InputException>(() => PretrainedModel.Load(ModelCatalog.Find("TinyLlama").Single(), Variant.Dense, path)).Message,
            StringComparison.Ordinal
        );
    }

    private PretrainedMismatch Refused(string model, RandomCheckpoint checkpoint)
    {
        var refused = Assert.Throws<PretrainedMismatchException>(() => Load(model, checkpoint));
        // The first of them, and how many there are besides.
        var left = refused.Mismatch.Lines().SkipWhile(line => refused.Message.Contains($"\n  {line}", StringComparison.Ordinal)).Count();
        Assert.InRange(refused.Message.Length, 1, 1_900);
        Assert.Equal(left > 0, refused.Message.EndsWith($"\n  and {left} more lines of this kind", StringComparison.Ordinal));
        return refused.Mismatch;
    }

    private void Load(string model, RandomCheckpoint checkpoint) =>
        PretrainedModel.Load(ModelCatalog.Find(model).Single(), Variant.Dense, checkpoint.Save(folder.Under("hf"))).Dispose();
}
