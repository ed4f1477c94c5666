using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using LowRank.Training.Weights;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

public sealed class FactoredTests
{
    public static TheoryData<string> Kinds => ["gpt2", "llama", "llama-biased", "mistral", "qwen2", "qwen3", "qwen3-hybrid"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_error_of_every_factored_layer_is_the_tail_of_its_spectrum(string kind)
    {
        using var scope = NewDisposeScope();
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create(kind);
        var path = checkpoint.Save(folder.Under("hf"));
        var entry = ModelCatalog.Find(checkpoint.Model).Single();
        using var dense = PretrainedModel.Load(entry, Variant.Dense, path);
        using var factored = PretrainedModel.Load(entry, Variant.LowRank, path);

        var layers = factored
            .Model.named_modules()
            .Where(named => named.module is LowRankLinear)
            .ToDictionary(named => named.name, named => (LowRankLinear)named.module, StringComparer.Ordinal);
        Assert.Equal(
            layers.Keys.Order(StringComparer.Ordinal),
            factored.Factored.Select(weight => weight.Name).Order(StringComparer.Ordinal)
        );
        var full = FullWeights(dense.Model);
        foreach (var weight in factored.Factored)
        {
            var (layer, original) = (layers[weight.Name], full(weight.Name, layers[weight.Name]));
            var (_, spectrum, _) = linalg.svd(original.to(ScalarType.Float64), fullMatrices: false);
            var squares = spectrum.square();
            var tail = Math.Sqrt((squares.narrow(0, 8, squares.shape[0] - 8).sum() / squares.sum()).item<double>());
            Assert.Equal(8, weight.Rank);
            Assert.Equal(tail, weight.RelativeError, 1e-9);
            var actual = ((original - layer.U.mm(layer.V)).norm() / original.norm()).item<float>();
            Assert.Equal(tail, actual, 1e-5);
            Assert.True(allclose(layer.U.t().mm(layer.U), layer.V.mm(layer.V.t()), 1e-3, 1e-4)); // Balanced.
        }
    }

    [Fact]
    public void At_full_rank_the_factored_model_is_the_dense_one()
    {
        using var scope = NewDisposeScope();
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create("llama");
        var path = checkpoint.Save(folder.Under("hf"));
        using var loaded = PretrainedModel.Load(ModelCatalog.Find("TinyFullRankLlama").Single(), Variant.LowRank, path);
        using var noGradient = no_grad();
        var ids = randint(0, 320, [2, 16], ScalarType.Int64);
        Assert.Equal(6, loaded.Factored.Count);
        Assert.Equal(0, (loaded.Model.forward(ids) - ReferenceLogits.Of(path, ids)).abs().max().item<float>(), 3e-5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Merging_changes_logits_by_rounding_only(string kind)
    {
        using var scope = NewDisposeScope();
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create(kind);
        var entry = ModelCatalog.Find(checkpoint.Model).Single();
        using var factored = PretrainedModel.Load(entry, Variant.LowRank, checkpoint.Save(folder.Under("hf")));
        var merged = folder.Under("merged");
        var written = ExportedModel.Write(factored.Model, merged, new ExportOptions());
        Assert.Equal(factored.Model.FactoredLinears.Count(), written.Merged);
        using var noGradient = no_grad();
        var ids = randint(0, 320, [2, 32], ScalarType.Int64);
        Assert.Equal(0, (factored.Model.forward(ids) - ReferenceLogits.Of(merged, ids)).abs().max().item<float>(), 3e-5);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("llama-biased")]
    [InlineData("qwen3")]
    public void Kept_factors_come_back_bit_for_bit_and_merge_into_a_dense_model(string kind)
    {
        using var scope = NewDisposeScope();
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create(kind);
        var entry = ModelCatalog.Find(checkpoint.Model).Single();
        using var factored = PretrainedModel.Load(entry, Variant.LowRank, checkpoint.Save(folder.Under("hf")));
        var kept = folder.Under("kept");
        var written = ExportedModel.Write(factored.Model, kept, new ExportOptions { KeepFactors = true });
        Assert.Equal(0, written.Merged);
        Assert.Contains("\"lowrank_", File.ReadAllText(Path.Combine(kept, "config.json")), StringComparison.Ordinal);

        using var again = PretrainedModel.Load(entry, Variant.LowRank, kept);
        Assert.Empty(again.Factored);
        foreach (var ((name, left), (_, right)) in factored.Model.named_parameters().Zip(again.Model.named_parameters()))
            Assert.True(equal(left, right).all().item<bool>(), name);

        using var dense = PretrainedModel.Load(entry, Variant.Dense, kept);
        using var noGradient = no_grad();
        var ids = randint(0, 320, [2, 32], ScalarType.Int64);
        Assert.Equal(0, (factored.Model.forward(ids) - dense.Model.forward(ids)).abs().max().item<float>(), 3e-5);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("mistral")]
    [InlineData("qwen3")]
    public void A_guide_starts_as_the_pretrained_weight_or_as_the_product(string kind)
    {
        using var scope = NewDisposeScope();
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create(kind);
        var path = checkpoint.Save(folder.Under("hf"));
        var entry = ModelCatalog.Find(checkpoint.Model).Single();
        using var factors = PretrainedModel.Load(entry, Variant.LowRank, path);
        using var pretrained = PretrainedModel.Load(entry, Variant.Guided, path);
        using var product = PretrainedModel.Load(entry, Variant.Guided, path, new FactoringOptions { Guide = GuideStart.Product });
        using var step = pretrained.Model.BeginStep(0, 100);
        using var other = product.Model.BeginStep(0, 100);
        using var noGradient = no_grad();
        var ids = randint(0, 320, [2, 32], ScalarType.Int64);
        Assert.Equal(0, (pretrained.Model.forward(ids) - ReferenceLogits.Of(path, ids)).abs().max().item<float>(), 1e-5);
        Assert.Equal(0, (product.Model.forward(ids) - factors.Model.forward(ids)).abs().max().item<float>(), 1e-4);
        Assert.True((pretrained.Model.forward(ids) - factors.Model.forward(ids)).abs().max().item<float>() > 0.01);

        // What is exported midway is what the model computes midway.
        var blend = folder.Under("blend");
        step.Skip();
        using var midway = pretrained.Model.BeginStep(10, 100);
        Assert.True(pretrained.Model.HasGuide);
        ExportedModel.Write(pretrained.Model, blend, new ExportOptions());
        Assert.Equal(0, (pretrained.Model.forward(ids) - ReferenceLogits.Of(blend, ids)).abs().max().item<float>(), 3e-5);
        var refused = Assert.Throws<InputException>(() =>
            ExportedModel.Write(pretrained.Model, folder.Under("kept"), new ExportOptions { KeepFactors = true })
        );
        Assert.Contains("guides", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Under("kept")));
    }

    [Fact]
    public void Gpt2_fuses_what_could_be_kept_apart()
    {
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create("gpt2");
        using var factored = PretrainedModel.Load(
            ModelCatalog.Find("TinyGpt2").Single(),
            Variant.LowRank,
            checkpoint.Save(folder.Under("hf"))
        );
        var refused = Assert.Throws<InputException>(() =>
            ExportedModel.Write(factored.Model, folder.Under("kept"), new ExportOptions { KeepFactors = true })
        );
        Assert.Contains("transformer.h.1.attn.c_attn.weight", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_without_singular_values_is_refused_by_name()
    {
        using var scope = NewDisposeScope();
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create("llama");
        checkpoint.Tensors["model.layers.1.mlp.up_proj.weight"][3, 4] = double.NaN;
        var path = checkpoint.Save(folder.Under("hf"));
        var refused = Assert.Throws<InputException>(() =>
            PretrainedModel.Load(ModelCatalog.Find("TinyLlama").Single(), Variant.LowRank, path)
        );
        Assert.Contains("model.layers.1.mlp.up_proj.weight", refused.Message, StringComparison.Ordinal);
    }

    // The dense model's weight of a factored layer's name; queries, keys and values are rows of one.
    private static Func<string, LowRankLinear, Tensor> FullWeights(LanguageModel dense)
    {
        var weights = dense
            .named_parameters()
            .ToDictionary(named => named.name, named => (Tensor)named.parameter.detach(), StringComparer.Ordinal);
        var attention = dense.modules().OfType<CausalAttention>().First();
        var (queries, keys) = (attention.Heads * attention.HeadSize, attention.KeyValueHeads * attention.HeadSize);
        return (name, layer) =>
        {
            if (weights.TryGetValue($"{name}.weight", out var own))
                return own;
            var dot = name.LastIndexOf('.');
            var first = name[(dot + 1)..] switch
            {
                "query" => 0,
                "key" => queries,
                _ => queries + keys,
            };
            return weights[$"{name[..dot]}.weight"].narrow(0, first, layer.Outputs);
        };
    }
}
