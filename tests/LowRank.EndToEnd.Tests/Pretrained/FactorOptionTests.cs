using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>Options of factors on the way from and to Hugging Face's checkpoints.</summary>
public sealed class FactorOptionTests
{
    [Theory]
    [InlineData(Variant.LowRank)]
    [InlineData(Variant.Guided)]
    public void A_residual_is_folded_into_what_is_written_and_taken_off_what_is_read(Variant variant)
    {
        using var scope = NewDisposeScope();
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create("llama");
        var path = checkpoint.Save(folder.Under("hf"));
        var entry = ModelCatalog.Find("PretrainedForm").Single();
        using var loaded = PretrainedModel.Load(entry, variant, path);
        Assert.All(loaded.Model.FactoredLinears, linear => Assert.True(linear.Factors.Residual));

        // Merged: a plain dense model.
        using var noGradient = no_grad();
        var ids = randint(0, 320, [2, 16], ScalarType.Int64);
        var logits = loaded.Model.forward(ids);
        var merged = folder.Under("merged");
        ExportedModel.Write(loaded.Model, merged, new ExportOptions());
        Assert.Equal(0, (logits - ReferenceLogits.Of(merged, ids)).abs().max().item<float>(), 3e-5);
        using (var dense = PretrainedModel.Load(entry, Variant.Dense, merged))
            Assert.Equal(0, (logits - dense.Model.forward(ids)).abs().max().item<float>(), 3e-5);
        if (variant == Variant.Guided)
            return;

        // Kept: factors that need no residual, and that one is taken off again when they come back.
        var kept = folder.Under("kept");
        ExportedModel.Write(loaded.Model, kept, new ExportOptions { KeepFactors = true });
        using var back = PretrainedModel.Load(entry, Variant.LowRank, kept);
        Assert.Empty(back.Factored);
        Assert.Equal(0, (logits - back.Model.forward(ids)).abs().max().item<float>(), 3e-5);
    }

    [Fact]
    public void An_activation_between_factors_is_neither_written_nor_read()
    {
        using var folder = new WorkFolder();
        var entry = ModelCatalog.Find("ColaForm").Single();
        using var model = entry.Create(new ModelOptions());
        foreach (var keeps in new[] { false, true })
        {
            var refused = Assert.Throws<InputException>(() =>
                ExportedModel.Write(model, folder.Under("out"), new ExportOptions { KeepFactors = keeps })
            );
            Assert.Contains("activation between the factors of 21 layers", refused.Message, StringComparison.Ordinal);
            Assert.Contains("can't be exported", refused.Message, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(folder.Under("out")));
        using var checkpoint = RandomCheckpoint.Create("llama");
        var path = checkpoint.Save(folder.Under("hf"));
        Assert.Contains(
            "can't take over pretrained weights",
            Assert.Throws<InputException>(() => PretrainedModel.Load(entry, Variant.LowRank, path)).Message,
            StringComparison.Ordinal
        );
    }
}
