using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.CommandLine;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>Checkpoints of others that say what they can't mean: code 2, the file and the key.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("hidden_size", "null", "hidden_size must be a whole number from 1 to 16777216, not null")]
    [InlineData("vocab_size", "1000000000000000000", "vocab_size must be a whole number from 1 to 16777216, not 1000000000000000000")]
    [InlineData("num_hidden_layers", "2000000000", "num_hidden_layers must be a whole number from 1 to 10000, not 2000000000")]
    [InlineData("num_attention_heads", "-4", "num_attention_heads must be a whole number from 1 to 16777216, not -4")]
    [InlineData("max_position_embeddings", "32.5", "max_position_embeddings must be a whole number from 1 to 16777216, not 32.5")]
    [InlineData("intermediate_size", "{\"a\":[]}", "intermediate_size must be a whole number from 1 to 16777216, not {\"a\":[]}")]
    [InlineData("rms_norm_eps", "1e999", "rms_norm_eps must be a number, not 1e999")]
    [InlineData("hidden_act", "\"\\ud800\"", "has a string with half of a surrogate pair, which is no text")]
    [InlineData("model_type", "[\"llama\"]", "model_type must be a text, not [\"llama\"]")]
    [InlineData("model_type", "null", "model_type is missing")]
    [InlineData("tie_word_embeddings", "0", "tie_word_embeddings must be true or false, not 0")]
    [InlineData("rope_scaling", "\"linear\"", "rope_scaling must be an object, not \"linear\"")]
    public async Task A_config_that_cannot_be_is_refused_by_file_and_key(string key, string value, string part)
    {
        var source = Save("llama");
        var path = Path.Combine(source, "config.json");
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        root[key] = "@@";
        File.WriteAllText(path, root.ToJsonString().Replace("\"@@\"", value, StringComparison.Ordinal));
        await Refused("TinyLlama", source, path, part);
    }

    [Theory]
    [InlineData(
        "../elsewhere.safetensors",
        "weight_map.model.norm.weight must be the name of a file beside the index, not \"../elsewhere.safetensors\""
    )]
    [InlineData("/etc/passwd", "weight_map.model.norm.weight must be the name of a file beside the index, not \"/etc/passwd\"")]
    [InlineData("..", "must be the name of a file beside the index")]
    [InlineData(null, "weight_map.model.norm.weight must be the name of a shard, not null")]
    public async Task An_index_that_names_what_is_not_beside_it_is_refused(string? shard, string part)
    {
        var source = Save("llama", tensorsPerShard: 8);
        var path = Path.Combine(source, "model.safetensors.index.json");
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        root["weight_map"]!["model.norm.weight"] = shard;
        File.WriteAllText(path, root.ToJsonString());
        await Refused("TinyLlama", source, path, part);
    }

    [Fact]
    public async Task A_tensor_in_two_shards_is_named_with_both()
    {
        var source = Save("llama", tensorsPerShard: 8);
        File.Copy(Path.Combine(source, "model-00001.safetensors"), Path.Combine(source, "model-00009.safetensors"));
        var path = Path.Combine(source, "model.safetensors.index.json");
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        var moved = root["weight_map"]!.AsObject().First(entry => (string?)entry.Value == "model-00001.safetensors").Key;
        root["weight_map"]![moved] = "model-00009.safetensors";
        File.WriteAllText(path, root.ToJsonString());
        await Refused(
            "TinyLlama",
            source,
            source,
            $"'{moved}' is both in model-00009.safetensors, as model.safetensors.index.json says, and in model-00001.safetensors"
        );
    }

    [Theory]
    [InlineData("dense", float.NaN)]
    [InlineData("lowrank", float.NaN)]
    [InlineData("dense", float.NegativeInfinity)]
    [InlineData("guided", float.PositiveInfinity)]
    public async Task Weights_that_are_no_numbers_are_refused_dense_and_factored(string variant, float value)
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        const string name = "model.layers.1.mlp.up_proj.weight";
        using (var wrong = tensor(value))
            checkpoint.Tensors[name].index_put_(wrong, TensorIndex.Slice(3, 5), TensorIndex.Single(7));
        var source = checkpoint.Save(folder.Under("hf"));
        await Refused("TinyLlama", source, Path.Combine(source, "model.safetensors"), $"'{name}' in ", variant);
        await Refused("TinyLlama", source, source, "has 2 of 4608 values that are infinite or no number, the first at [3, 7]", variant);
    }

    [Fact]
    public async Task Overlapping_ranges_are_refused_and_not_read_as_other_weights()
    {
        var source = Save("llama");
        var path = Path.Combine(source, "model.safetensors");
        var content = File.ReadAllBytes(path);
        var length = BitConverter.ToInt32(content);
        var header = JsonNode.Parse(content.AsSpan(8, length))!;
        // Of one size: nothing but the ranges tells them apart.
        header["model.layers.0.mlp.up_proj.weight"]!["data_offsets"] = header["model.layers.0.mlp.gate_proj.weight"]![
            "data_offsets"
        ]!.DeepClone();
        var changed = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString());
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)changed.Length), .. changed, .. content[(8 + length)..]]);
        await Refused("TinyLlama", source, path, "tensors lie one after the other, without holes or overlaps");
    }

    private string Save(string kind, int tensorsPerShard = int.MaxValue)
    {
        using var checkpoint = RandomCheckpoint.Create(kind);
        return checkpoint.Save(folder.Under("hf"), tensorsPerShard);
    }

    private async Task Refused(string model, string source, string file, string part, string variant = "dense")
    {
        var (code, _, error) = await InProcess.Run(
            "import",
            source,
            "--model",
            model,
            "--variant",
            variant,
            "--to",
            folder.Under("imported"),
            "--without-tokenizer"
        );
        Assert.True(code == ExitCode.WrongInput, error);
        Assert.Contains(file, error, StringComparison.Ordinal);
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Under("imported")));
    }
}
