using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

public sealed class RoundTripTests
{
    public static TheoryData<string, WeightPrecision, bool> Cases()
    {
        var cases = new TheoryData<string, WeightPrecision, bool>();
        // The scale of DeepSeek's scores by YaRN is multiplied into the queries, which are not written as they were read.
        foreach (var kind in RandomCheckpoint.Kinds.Select(row => row.Data).Where(kind => kind is not ("gpt2-base" or "deepseek-v2-yarn")))
        {
            foreach (var precision in Enum.GetValues<WeightPrecision>())
            {
                cases.Add(kind, precision, false);
                cases.Add(kind, precision, true);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_was_loaded_is_written_bit_for_bit(string kind, WeightPrecision precision, bool sharded)
    {
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint
            .Create(kind)
            .As(
                precision switch
                {
                    WeightPrecision.Bf16 => ScalarType.BFloat16,
                    WeightPrecision.Fp16 => ScalarType.Float16,
                    _ => ScalarType.Float32,
                }
            );
        var original = checkpoint.Save(folder.Under("original"), sharded ? 4 : int.MaxValue);
        using var loaded = PretrainedModel.Load(ModelCatalog.Find(checkpoint.Model).Single(), Variant.Dense, original);
        var copy = folder.Under("copy");
        var written = ExportedModel.Write(
            loaded.Model,
            copy,
            new ExportOptions { Precision = precision, ShardBytes = sharded ? 40_000 : long.MaxValue }
        );

        Assert.Equal((string)checkpoint.Config["model_type"]!, ArchitectureNames.Key(written.Architecture));
        Assert.Equal(sharded, File.Exists(Path.Combine(copy, "model.safetensors.index.json")));
        Assert.Equal(sharded ? 0 : 1, written.Files.Count(file => file == "model.safetensors"));
        var (before, after) = (PlainTensor.ReadFolder(original), PlainTensor.ReadFolder(copy));
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in before)
        {
            Assert.Equal((tensor.Type, string.Join(',', tensor.Shape)), (after[name].Type, string.Join(',', after[name].Shape)));
            Assert.True(tensor.Bytes.AsSpan().SequenceEqual(after[name].Bytes), name);
        }

        if (sharded)
            CheckIndex(copy, after);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("llama-biased")]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3-hybrid")]
    public void The_written_configuration_says_what_the_read_one_said(string kind)
    {
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create(kind);
        using var loaded = PretrainedModel.Load(
            ModelCatalog.Find(checkpoint.Model).Single(),
            Variant.Dense,
            checkpoint.Save(folder.Under("original"))
        );
        ExportedModel.Write(loaded.Model, folder.Under("copy"), new ExportOptions());
        var copy = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Under("copy"), "config.json")))!.AsObject();
        // A window that is switched off need not be written again.
        foreach (
            var (name, value) in checkpoint.Config.Where(entry =>
                kind != "qwen2" || entry.Key is not ("sliding_window" or "max_window_layers")
            )
        )
            Assert.True(JsonNode.DeepEquals(value, copy[name]), $"{name}: {value} became {copy[name]}");
        Assert.Equal("float32", (string)copy["torch_dtype"]!);
        Assert.Single(copy["architectures"]!.AsArray());
    }

    [Theory]
    [InlineData("llama-scaled")]
    [InlineData("qwen3-yarn")]
    [InlineData("olmo2")]
    [InlineData("gemma2")]
    [InlineData("gemma3")]
    [InlineData("gpt-neo")]
    [InlineData("phi3")]
    [InlineData("phi3-long")]
    [InlineData("pythia")]
    [InlineData("gpt-neox")]
    [InlineData("mixtral")]
    [InlineData("qwen3-moe")]
    [InlineData("deepseek-v2")]
    [InlineData("deepseek-v2-yarn")]
    [InlineData("smollm3")]
    public void What_was_written_is_read_as_the_same_model(string kind)
    {
        using var scope = NewDisposeScope();
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create(kind);
        var entry = ModelCatalog.Find(checkpoint.Model).Single();
        var original = checkpoint.Save(folder.Under("original"));
        using var loaded = PretrainedModel.Load(entry, Variant.Dense, original);
        var written = ExportedModel.Write(loaded.Model, folder.Under("copy"), new ExportOptions());
        Assert.Equal((string)checkpoint.Config["model_type"]!, ArchitectureNames.Key(written.Architecture));
        using var again = PretrainedModel.Load(entry, Variant.Dense, folder.Under("copy"));
        using var noGradient = no_grad();
        var ids = randint(0, 320, [1, 24], ScalarType.Int64);
        Assert.Equal(0, (again.Model.forward(ids) - ReferenceLogits.Of(original, ids)).abs().max().item<float>(), 1e-5);
    }

    private static void CheckIndex(string folder, Dictionary<string, PlainTensor> tensors)
    {
        var index = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "model.safetensors.index.json")))!;
        Assert.Equal(tensors.Values.Sum(tensor => tensor.Bytes.LongLength), (long)index["metadata"]!["total_size"]!);
        var map = index["weight_map"]!.AsObject();
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), map.Select(entry => entry.Key).Order(StringComparer.Ordinal));
        foreach (var file in map.Select(entry => (string)entry.Value!).Distinct())
            Assert.Matches(@"^model-\d{5}-of-\d{5}\.safetensors$", file);
    }
}
