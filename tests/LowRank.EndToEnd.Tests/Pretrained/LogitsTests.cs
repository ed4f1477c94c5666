using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

public sealed class LogitsTests
{
    public static TheoryData<string> Kinds => RandomCheckpoint.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_loaded_model_has_the_logits_of_the_published_architecture(string kind)
    {
        using var scope = NewDisposeScope();
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create(kind);
        var path = checkpoint.Save(folder.Under("hf"));
        using var loaded = PretrainedModel.Load(ModelCatalog.Find(checkpoint.Model).Single(), Variant.Dense, path);
        using var noGradient = no_grad();
        var ids = randint(0, 320, [2, 32], ScalarType.Int64);
        var expected = ReferenceLogits.Of(path, ids);
        Assert.InRange(expected.std().item<float>(), 0.2, 20);
        Assert.Equal(0, (loaded.Model.forward(ids) - expected).abs().max().item<float>(), 1e-5);
        Assert.Empty(loaded.Factored);
    }

    [Theory]
    [InlineData("gpt2", ScalarType.BFloat16)]
    [InlineData("qwen3", ScalarType.BFloat16)]
    [InlineData("llama", ScalarType.Float16)]
    public void Weights_of_half_precision_are_taken_over_exactly(string kind, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var folder = new WorkFolder();
        using var checkpoint = RandomCheckpoint.Create(kind).As(type);
        var path = checkpoint.Save(folder.Under("hf"), tensorsPerShard: 5);
        using var loaded = PretrainedModel.Load(ModelCatalog.Find(checkpoint.Model).Single(), Variant.Dense, path);
        using var noGradient = no_grad();
        var ids = randint(0, 320, [1, 20], ScalarType.Int64);
        Assert.Equal(0, (loaded.Model.forward(ids) - ReferenceLogits.Of(path, ids)).abs().max().item<float>(), 1e-5);
    }
}
