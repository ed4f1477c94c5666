using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Pretrained;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

public sealed class ExportRefusalTests
{
    [Theory]
    [InlineData("PythiaForm", null)]
    [InlineData("SmallDeclared", "no llama: its feed-forward layers are not gated")]
    [InlineData("GptForm", null)]
    [InlineData("Unusual", "block 0 has its feed-forward before its attention")]
    [InlineData("Patchwork", "block 0 has no attention")]
    [InlineData("LatentForm", "no llama: its attention is latent (KeyValueRank)")]
    [InlineData("Alternating", "no qwen3: its query and key heads are not normalized")]
    public void A_declaration_that_no_architecture_expresses_is_refused_with_the_reason(string model, string? reason)
    {
        using var folder = new WorkFolder();
        using var built = ModelCatalog.Find($"LowRank.EndToEnd.Tests.Models.{model}").Single().Create(new ModelOptions());
        var target = folder.Under("out");
        if (reason is null)
        {
            ExportedModel.Write(built, target, new ExportOptions());
            Assert.True(Directory.Exists(target));
            return;
        }

        var refused = Assert.Throws<InputException>(() => ExportedModel.Write(built, target, new ExportOptions()));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target));
    }

    [Theory]
    [InlineData("TinyLlama", Architecture.Gpt2, "its positions are not learned")]
    [InlineData("TinyGpt2", Architecture.Llama, "its norm is not RMSNorm")]
    [InlineData("TinyMistral", Architecture.Llama, "it has a window (6)")]
    [InlineData("TinyQwen2", Architecture.Mistral, "its linear layers have a bias")]
    [InlineData("TinyQwen3", Architecture.Qwen2, "its queries and keys are normalized")]
    [InlineData("TinyHybridQwen3", Architecture.Mistral, "its blocks differ in their window (5 in blocks 0, 2; none in block 1)")]
    [InlineData("TinyPythia", Architecture.Llama, "its sublayers run in parallel")]
    [InlineData("TinyPhi3", Architecture.Mistral, "only a part of each head is rotated")]
    [InlineData("TinyMixtral", Architecture.Mistral, "it has mixtures of experts")]
    [InlineData("TinyMixtral", Architecture.DeepSeekV2, "its attention is not latent (KeyValueRank)")]
    [InlineData("TinyQwen3Moe", Architecture.Mixtral, "some of its blocks are dense")]
    [InlineData("TinyDeepSeekV2", Architecture.Qwen3Moe, "some of its experts are shared")]
    [InlineData("DeepSeekForm", Architecture.DeepSeekV2, "its experts are chosen with a balancing bias")]
    public void An_architecture_that_is_asked_for_and_does_not_fit_is_refused_with_the_reason(
        string model,
        Architecture architecture,
        string reason
    )
    {
        using var folder = new WorkFolder();
        using var built = ModelCatalog.Find(model).Single().Create(new ModelOptions());
        var refused = Assert.Throws<InputException>(() =>
            ExportedModel.Write(built, folder.Under("out"), new ExportOptions { Architecture = architecture })
        );
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_architecture_that_fits_can_be_asked_for()
    {
        using var folder = new WorkFolder();
        using var built = ModelCatalog.Find("TinyLlama").Single().Create(new ModelOptions { Guided = false });
        Assert.Equal(Architecture.Llama, ExportedModel.Write(built, folder.Under("llama"), new ExportOptions()).Architecture);
        Assert.Equal(
            Architecture.Mistral,
            ExportedModel.Write(built, folder.Under("mistral"), new ExportOptions { Architecture = Architecture.Mistral }).Architecture
        );
    }

    [Fact]
    public void A_model_written_by_hand_and_a_full_folder_are_refused()
    {
        using var folder = new WorkFolder();
        using var small = new SmallTransformer();
        Assert.Contains(
            "[Transformer]",
            Assert.Throws<InputException>(() => ExportedModel.Write(small, folder.Under("out"), new ExportOptions())).Message,
            StringComparison.Ordinal
        );
        using var built = ModelCatalog.Find("TinyLlama").Single().Create(new ModelOptions());
        Assert.Contains(
            "not empty",
            Assert.Throws<InputException>(() => ExportedModel.Write(built, folder.Path, new ExportOptions())).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_value_beyond_fp16_is_refused_by_name_and_leaves_nothing_behind()
    {
        using var scope = NewDisposeScope();
        using var folder = new WorkFolder();
        using var built = ModelCatalog.Find("TinyQwen3").Single().Create(new ModelOptions());
        using (no_grad())
            built.HeadWeight[2, 3] = 70_000;
        var refused = Assert.Throws<InputException>(() =>
            ExportedModel.Write(built, folder.Under("out"), new ExportOptions { Precision = WeightPrecision.Fp16 })
        );
        Assert.Contains("model.embed_tokens.weight", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["text"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }
}
