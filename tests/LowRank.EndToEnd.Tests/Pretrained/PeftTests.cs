using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training;
using LowRank.Training.FineTuning;
using LowRank.Training.Pretrained;
using LowRank.Training.Pretrained.Adapters;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>Adapters of Hugging Face's PEFT library, read and written.</summary>
public sealed class PeftTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public static TheoryData<string> Kinds =>
        [
            "gpt2",
            "gpt2-base",
            "llama",
            "llama-biased",
            "mistral",
            "qwen2",
            "qwen3",
            "qwen3-hybrid",
            "olmo2",
            "gemma2",
            "gemma3",
            "gpt-neo",
            "phi3",
            "pythia",
            "gpt-neox",
            "mixtral",
            "qwen3-moe",
            "deepseek-v2",
            "smollm3",
        ];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_adapter_of_every_architecture_adds_what_its_formula_says_beside_the_weights_and_in_them(string kind)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var checkpoint = RandomCheckpoint.Create(kind);
        using var made = new HandMadeAdapter(checkpoint).Add(_ => true, rank: 3, scale: 5.0 / 3);
        using var loaded = Load(checkpoint);
        var ids = randint(0, 320, [2, 32], ScalarType.Int64);
        var plain = loaded.Model.forward(ids);
        PeftAdapter.Load(made.Save(folder.Under("peft")), loaded.Model);
        var adapted = loaded.Model.forward(ids);
        var expected = ReferenceLogits.Of(made.SaveMerged(folder.Under("merged")), ids);
        Assert.True(Distance(plain, expected) > 0.1);
        Assert.Equal(0, Distance(adapted, expected), 1e-4);

        // What is trained on is the adapters alone.
        Assert.All(
            loaded.Model.named_parameters(),
            named => Assert.Equal(named.name.Contains("lora", StringComparison.Ordinal), named.parameter.requires_grad)
        );
        _ = ExportedModel.Write(loaded.Model, folder.Under("exported"), new ExportOptions());
        using (var merged = PretrainedModel.Load(Entry(checkpoint), Variant.Dense, folder.Under("exported")))
            Assert.Equal(0, Distance(merged.Model.forward(ids), expected), 1e-4);
        foreach (var layer in loaded.Model.modules().OfType<LoraLinear>())
            layer.Merge();
        Assert.Equal(0, Distance(loaded.Model.forward(ids), expected), 1e-4);
    }

    [Theory]
    [InlineData("gpt2", ScalarType.Float32, WeightPrecision.Fp32)]
    [InlineData("llama", ScalarType.BFloat16, WeightPrecision.Bf16)]
    [InlineData("gemma2", ScalarType.Float16, WeightPrecision.Fp16)]
    [InlineData("qwen3-hybrid", ScalarType.Float32, WeightPrecision.Fp32)]
    [InlineData("phi3", ScalarType.Float32, WeightPrecision.Fp32)]
    [InlineData("gpt-neox", ScalarType.Float32, WeightPrecision.Fp32)]
    [InlineData("mixtral", ScalarType.BFloat16, WeightPrecision.Bf16)]
    [InlineData("deepseek-v2", ScalarType.Float32, WeightPrecision.Fp32)]
    public void What_is_read_is_written_again_bit_for_bit(string kind, ScalarType type, WeightPrecision precision)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = RandomCheckpoint.Create(kind);
        using var made = new HandMadeAdapter(checkpoint).Add(_ => true, 3, 5.0 / 3, type);
        using var loaded = Load(checkpoint);
        var path = made.Save(folder.Under("peft"));
        PeftAdapter.Load(path, loaded.Model);
        var written = PeftAdapter.Write(
            loaded.Model,
            folder.Under("again"),
            new PeftOptions { Precision = precision, BaseModel = "somebody/something" }
        );
        AssertSameTensors(path, written.Folder);
        Assert.Equal(made.Linear.Order(StringComparer.Ordinal), written.Modules.Order(StringComparer.Ordinal));
        var config = Read(written.Folder);
        Assert.Equal(
            ("somebody/something", 3, 5, 0.1, "LORA", kind == "gpt2"),
            (
                (string?)config["base_model_name_or_path"],
                (int)config["r"]!,
                (int)config["lora_alpha"]!,
                (double)config["lora_dropout"]!,
                (string?)config["peft_type"],
                (bool)config["fan_in_fan_out"]!
            )
        );
        // All layers that end so are adapted, so the ends of their names say it.
        Assert.All(config["target_modules"]!.AsArray(), name => Assert.DoesNotContain('.', (string)name!));

        // The same names and sizes again.
        PeftAdapter.Load(written.Folder, loaded.Model);
        Assert.Equal("{}", config["rank_pattern"]!.ToJsonString());
    }

    [Fact]
    public void Of_queries_that_may_hold_a_scale_no_adapter_is_read_or_written()
    {
        using var checkpoint = RandomCheckpoint.Create("deepseek-v2-yarn");
        using var loaded = Load(checkpoint);
        using (var queries = new HandMadeAdapter(checkpoint).Add(name => name.EndsWith(".q_b_proj", StringComparison.Ordinal), 2, 1))
        {
            queries.Config["r"] = 2;
            queries.Config["target_modules"] = new JsonArray("q_b_proj");
            var refused = Assert.Throws<InputException>(() => PeftAdapter.Load(queries.Save(folder.Under("queries")), loaded.Model));
            Assert.Contains(
                "adapts 'model.layers.0.self_attn.q_b_proj', whose weights may hold a scale",
                refused.Message,
                StringComparison.Ordinal
            );
        }

        using var others = new HandMadeAdapter(checkpoint).Add(name => name.EndsWith(".q_a_proj", StringComparison.Ordinal), 2, 1);
        others.Config["r"] = 2;
        others.Config["target_modules"] = new JsonArray("q_a_proj");
        var path = others.Save(folder.Under("others"));
        PeftAdapter.Load(path, loaded.Model);
        AssertSameTensors(path, PeftAdapter.Write(loaded.Model, folder.Under("again")).Folder);

        using var own = Load(checkpoint, "own");
        FineTuner
            .Plan(
                own.Model,
                new FineTuningOptions
                {
                    Method = FineTuningMethod.Lora,
                    Rank = 2,
                    Projections = Projections.Query,
                }
            )
            .ApplyTo(
                own.Model,
                new FineTuningOptions
                {
                    Method = FineTuningMethod.Lora,
                    Rank = 2,
                    Projections = Projections.Query,
                }
            );
        Assert.Contains(
            "export the model with its adapters merged",
            Assert.Throws<InputException>(() => PeftAdapter.Write(own.Model, folder.Under("written"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_router_has_no_adapter()
    {
        using var checkpoint = RandomCheckpoint.Create("mixtral");
        using var loaded = Load(checkpoint);
        using var made = new HandMadeAdapter(checkpoint).Add(name => name.EndsWith("o_proj", StringComparison.Ordinal), 3, 1).AddRouters();
        var refused = Assert.Throws<InputException>(() => PeftAdapter.Load(made.Save(folder.Under("peft")), loaded.Model));
        Assert.Contains(
            "adapt 'model.layers.0.block_sparse_moe.gate', which is no linear layer",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Ranks_and_alphas_follow_the_first_pattern_that_matches_and_rank_stabilized_scales_the_root()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var checkpoint = RandomCheckpoint.Create("llama");
        using var made = new HandMadeAdapter(checkpoint)
            .Add(name => name.EndsWith(".q_proj", StringComparison.Ordinal), rank: 4, scale: 5 / 2.0)
            .Add(name => name.EndsWith(".v_proj", StringComparison.Ordinal), rank: 9, scale: 7 / 3.0)
            .Add(name => name == "model.layers.1.mlp.down_proj", rank: 1, scale: 5);
        made.Config["use_rslora"] = true;
        made.Config["r"] = 9;
        made.Config["rank_pattern"] = new JsonObject
        {
            ["layers.1.mlp.down_proj"] = 1,
            ["q_pro."] = 4,
            [@"self_attn\.q_proj"] = 2,
        };
        made.Config["alpha_pattern"] = new JsonObject { [".*v_proj"] = 7.0 };
        made.Config["target_modules"] = @"(?P<first>.*\.)self_attn\.(q|v)_proj|model\.layers\.1\.mlp\.down_proj";
        using var loaded = Load(checkpoint);
        var path = made.Save(folder.Under("peft"));
        PeftAdapter.Load(path, loaded.Model);
        var ids = randint(0, 320, [1, 20], ScalarType.Int64);
        var adapted = loaded.Model.forward(ids);
        Assert.Equal(0, Distance(adapted, ReferenceLogits.Of(made.SaveMerged(folder.Under("merged")), ids)), 1e-4);

        // Written with patterns of its own, and the one layer of many by its whole name.
        var config = Read(PeftAdapter.Write(loaded.Model, folder.Under("again")).Folder);
        AssertSameTensors(path, folder.Under("again"));
        Assert.True((bool)config["use_rslora"]!);
        Assert.Equal(
            ["model.layers.1.mlp.down_proj", "q_proj", "v_proj"],
            config["target_modules"]!.AsArray().Select(name => (string)name!)
        );
        using var other = Load(checkpoint, "once more");
        PeftAdapter.Load(folder.Under("again"), other.Model);
        foreach (var (one, two) in loaded.Model.LoraAdapters.Zip(other.Model.LoraAdapters))
            Assert.Equal(one.Scale, two.Scale);
    }

    [Theory]
    [InlineData("""{"target_modules": ["q_proj"], "layers_to_transform": [1]}""", 1)]
    [InlineData("""{"target_modules": ["self_attn.q_proj"], "layers_to_transform": 1, "layers_pattern": "layers"}""", 1)]
    [InlineData("""{"target_modules": ["q_proj", "nothing"], "exclude_modules": ["model.layers.0.self_attn.q_proj"]}""", 1)]
    [InlineData("""{"target_modules": ["q_proj"], "exclude_modules": ".*layers\\.1.*"}""", 0)]
    [InlineData("""{"target_modules": ["model.layers.0.self_attn.q_proj"]}""", 0)]
    [InlineData("""{"target_modules": null}""", 0)]
    public void Layers_are_chosen_as_the_configuration_says(string settings, int block)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = RandomCheckpoint.Create("llama");
        var name = $"model.layers.{block}.self_attn.q_proj";
        using var made = new HandMadeAdapter(checkpoint).Add(linear => linear == name, 3, 1);
        foreach (var (key, value) in JsonNode.Parse(settings)!.AsObject().ToList())
            made.Config[key] = value?.DeepClone();
        using var loaded = Load(checkpoint);
        PeftAdapter.Load(made.Save(folder.Under("peft")), loaded.Model);
        Assert.Equal(
            [$"blocks.{block}.attention.query_key_value"],
            LinearSite.Of(loaded.Model).Where(site => site.Layer is LoraLinear).Select(site => site.Name)
        );
        var part = loaded.Model.LoraAdapters.Single().Part;
        Assert.Equal(("query", 0, 48), (part.Name, part.FirstOutput, part.Outputs));
    }

    [Fact]
    public void Adapters_of_several_roles_become_one_of_the_module_that_fuses_them()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var checkpoint = RandomCheckpoint.Create("gpt2");
        using var loaded = Load(checkpoint);
        var options = new FineTuningOptions
        {
            Method = FineTuningMethod.Lora,
            Rank = 2,
            Alpha = 6,
            Projections = Projections.Query | Projections.Value | Projections.Up,
        };
        FineTuner.Plan(loaded.Model, options).ApplyTo(loaded.Model, options);
        foreach (var adapter in loaded.Model.LoraAdapters)
        {
            adapter.A.normal_(0, 0.3);
            adapter.B.normal_(0, 0.3);
        }

        var ids = randint(0, 320, [2, 32], ScalarType.Int64);
        var expected = loaded.Model.forward(ids);
        var config = Read(PeftAdapter.Write(loaded.Model, folder.Under("peft")).Folder);
        // As many of each: the first counts as the usual one.
        Assert.Equal((4, 12), ((int)config["r"]!, (int)config["lora_alpha"]!));
        Assert.Equal(["c_attn", "c_fc"], config["target_modules"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(2, (int)config["rank_pattern"]!["transformer.h.1.mlp.c_fc"]!);
        Assert.Equal(6, (int)config["alpha_pattern"]!["transformer.h.1.mlp.c_fc"]!);
        using var other = Load(checkpoint, "once more");
        PeftAdapter.Load(folder.Under("peft"), other.Model);
        Assert.Equal(0, Distance(expected, other.Model.forward(ids)), 1e-5);
        Assert.Equal(4, other.Model.LoraAdapters.Count());

        // A model that has other adapters is not given these.
        var refused = Assert.Throws<InputException>(() => PeftAdapter.Load(folder.Under("peft"), loaded.Model)).Message;
        Assert.Contains("are not those that", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_in_factors_can_stand_beside_adapters_and_have_none()
    {
        using var scope = NewDisposeScope();
        using var checkpoint = RandomCheckpoint.Create("llama");
        using var made = new HandMadeAdapter(checkpoint).Add(name => name.StartsWith("model.layers.0.", StringComparison.Ordinal), 3, 1);
        made.Config["target_modules"] = @"model\.layers\.0\..*";
        using var loaded = PretrainedModel.Load(Entry(checkpoint), Variant.LowRank, checkpoint.Save(folder.Under("hf")));
        PeftAdapter.Load(made.Save(folder.Under("peft")), loaded.Model);
        Assert.Equal(7, loaded.Model.LoraAdapters.Count());
        using var all = new HandMadeAdapter(checkpoint).Add(_ => true, 3, 1);
        using var other = PretrainedModel.Load(Entry(checkpoint), Variant.LowRank, folder.Under("hf"));
        var refused = Assert.Throws<InputException>(() => PeftAdapter.Load(all.Save(folder.Under("all")), other.Model)).Message;
        Assert.Contains("in factors as 'blocks.1.attention.query_key_value.query'", refused, StringComparison.Ordinal);
        Assert.Empty(other.Model.LoraAdapters);
    }

    [Theory]
    [InlineData("peft_type", "\"IA3\"", "peft_type is IA3, and adapters of LORA alone are read")]
    [InlineData("peft_type", "null", "peft_type must be the name of a method, not null")]
    [InlineData("task_type", "\"SEQ_CLS\"", "task_type is SEQ_CLS")]
    [InlineData("bias", "\"all\"", "bias is all, and biases that were trained")]
    [InlineData("use_dora", "true", "use_dora is given, and DoRA")]
    [InlineData("modules_to_save", "[\"lm_head\"]", "modules_to_save is given, and whole modules")]
    [InlineData("init_lora_weights", "\"pissa_niter_4\"", "init_lora_weights is pissa_niter_4: such a start changes")]
    [InlineData("init_lora_weights", "\"loftq\"", "path_initial_model_for_weight_conversion")]
    [InlineData("init_lora_weights", "1", "init_lora_weights must be true or false, not 1")]
    [InlineData("a_new_idea", "{\"strength\": 3}", "a_new_idea is not known here")]
    [InlineData("layer_replication", "[[0, 1], [1, 2]]", "layer_replication is given")]
    [InlineData("r", "0", "r must be a whole number from 1")]
    [InlineData("r", "4", "'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight'")]
    [InlineData("lora_alpha", "-1", "lora_alpha must be a number above 0")]
    [InlineData("lora_dropout", "1", "lora_dropout must be a number from 0 to below 1")]
    [InlineData("target_modules", "\"(\"", "target_modules is no regular expression")]
    [InlineData("target_modules", "\"(.*)*x(.*)*y\"", "target_modules")]
    [InlineData("target_modules", "[\"q_proj\"]", "target_modules, exclude_modules and layers_to_transform leave out")]
    [InlineData("target_modules", "[7]", "target_modules[0] must be the name of a module")]
    [InlineData("target_modules", "7", "target_modules must be a list of names or a regular expression")]
    [InlineData("layers_to_transform", "[1]", "layers_to_transform can't stand beside target_modules")]
    [InlineData("rank_pattern", "{\"q_proj\": \"4\"}", "rank_pattern.q_proj must be a whole number")]
    public void What_is_not_read_is_refused_by_its_key(string key, string value, string part)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = RandomCheckpoint.Create("llama");
        using var made = new HandMadeAdapter(checkpoint).Add(_ => true, 3, 1);
        made.Config[key] = JsonNode.Parse(value);
        using var loaded = Load(checkpoint);
        var path = made.Save(folder.Under("peft"));
        var refused = Assert.ThrowsAny<InputException>(() => PeftAdapter.Load(path, loaded.Model)).Message;
        Assert.Contains(part, refused, StringComparison.Ordinal);
        Assert.Contains(path, refused, StringComparison.Ordinal);
        Assert.Empty(loaded.Model.LoraAdapters);
    }

    [Theory]
    [InlineData("base_model.model.lm_head.lora_A.weight", "adapt 'lm_head', which is no linear layer within the blocks of TinyLlama")]
    [InlineData("base_model.model.model.embed_tokens.lora_embedding_A", "neither A nor B")]
    [InlineData("base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector", "neither A nor B")]
    [InlineData("base_model.model.model.layers.7.self_attn.q_proj.lora_A.weight", "adapt 'model.layers.7.self_attn.q_proj'")]
    [InlineData("transformer.h.0.lora_A.weight", "neither A nor B")]
    public void Tensors_that_belong_nowhere_are_refused_by_name(string name, string part)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = RandomCheckpoint.Create("llama");
        using var made = new HandMadeAdapter(checkpoint).Add(_ => true, 3, 1);
        using var loaded = Load(checkpoint);
        var path = made.Save(folder.Under("peft"));
        var tensors = PlainTensor.ReadFolder(path).ToDictionary(pair => pair.Key, pair => pair.Value.Values(), StringComparer.Ordinal);
        tensors.Add(name, zeros(3, 48));
        if (name.EndsWith(".lora_A.weight", StringComparison.Ordinal))
            tensors.Add(name.Replace("lora_A", "lora_B", StringComparison.Ordinal), zeros(48, 3));
        LowRank.Training.SafeTensors.SafeTensorsFile.Write(
            Path.Combine(path, "adapter_model.safetensors"),
            [.. tensors.Select(pair => (pair.Key, pair.Value))]
        );
        var refused = Assert.Throws<InputException>(() => PeftAdapter.Load(path, loaded.Model)).Message;
        Assert.Contains(part, refused, StringComparison.Ordinal);
        Assert.Contains(path, refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Halves_and_other_files_are_refused()
    {
        using var scope = NewDisposeScope();
        using var checkpoint = RandomCheckpoint.Create("llama");
        using var made = new HandMadeAdapter(checkpoint).Add(name => name.EndsWith("q_proj", StringComparison.Ordinal), 3, 1);
        using var loaded = Load(checkpoint);
        // What target_modules names is not all there.
        made.Config["target_modules"] = new JsonArray("q_proj", "v_proj");
        var path = made.Save(folder.Under("peft"));
        Refused("adapts 'model.layers.0.self_attn.v_proj', of which adapter_model.safetensors holds nothing");
        made.Config["target_modules"] = new JsonArray("q_proj");
        made.Save(path);
        var file = Path.Combine(path, "adapter_model.safetensors");
        var content = File.ReadAllBytes(file);
        File.WriteAllBytes(file, content[..^4]);
        Refused("cut off");
        BitConverter.GetBytes(float.NaN).CopyTo(content, content.Length - 4);
        File.WriteAllBytes(file, content);
        Refused("has 1 of ");
        File.Delete(file);
        File.WriteAllText(Path.Combine(path, "adapter_model.bin"), "");
        Refused("adapter_model.bin is not read");
        Assert.Empty(loaded.Model.LoraAdapters);
        Assert.Throws<InputException>(() => PeftAdapter.Write(loaded.Model, folder.Under("none")));
        Assert.False(Directory.Exists(folder.Under("none")));

        void Refused(string part)
        {
            var message = Assert.ThrowsAny<InputException>(() => PeftAdapter.Load(path, loaded.Model)).Message;
            Assert.Contains(part, message, StringComparison.Ordinal);
            Assert.Contains(path, message, StringComparison.Ordinal);
        }
    }

    private static ModelEntry Entry(RandomCheckpoint checkpoint) => ModelCatalog.Find(checkpoint.Model).Single();

    private PretrainedModel Load(RandomCheckpoint checkpoint, string name = "hf") =>
        PretrainedModel.Load(Entry(checkpoint), Variant.Dense, checkpoint.Save(folder.Under(name)));

    private static float Distance(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return (one - other).abs().max().item<float>();
    }

    private static JsonObject Read(string path) => JsonNode.Parse(File.ReadAllText(Path.Combine(path, "adapter_config.json")))!.AsObject();

    private static void AssertSameTensors(string expected, string actual)
    {
        var (left, right) = (PlainTensor.ReadFolder(expected), PlainTensor.ReadFolder(actual));
        Assert.Equal(left.Keys.Order(StringComparer.Ordinal), right.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in left)
        {
            Assert.Equal((tensor.Type, string.Join(',', tensor.Shape)), (right[name].Type, string.Join(',', right[name].Shape)));
            Assert.Equal(tensor.Bytes, right[name].Bytes);
        }
    }
}
