using System.Text.Json;
using LowRank.Costs;
using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Variations;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Variations;

/// <summary>A model composed at run time is the one that the compiler writes: the same costs, the same tensors, the same steps.</summary>
public sealed class ComposedModelTests
{
    private const long LargestBuilt = 3_000_000;

    public static TheoryData<string> Declared() => [.. ModelCatalog.Models.Where(IsTransformer).Select(entry => entry.FullName)];

    public static TheoryData<string> Small() =>
        [
            .. ModelCatalog
                .Models.Where(entry =>
                    IsTransformer(entry) && entry.Cost.ParametersAtStart <= LargestBuilt && !entry.Cost.NeedsPretrainedFactors
                )
                .Select(entry => entry.FullName),
        ];

    [Theory]
    [MemberData(nameof(Declared))]
    public void Costs_are_those_that_the_compiler_wrote_down(string name)
    {
        var entry = ModelCatalog.Find(name).Single();
        var composed = Unchanged(entry);
        Assert.Equal(Written(entry.Cost), Written(composed.Cost));
        if (entry.Dense is { } dense)
            Assert.Equal(Written(dense.Cost), Written(composed.Dense!.Cost));
        Assert.Equal(entry.FlopMatched is null, composed.FlopMatched is null);
        if (entry.FlopMatched is { } matched)
            Assert.Equal(Written(matched.Cost), Written(composed.FlopMatched!.Cost));
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void Weights_and_logits_are_those_of_the_generated_model(string name)
    {
        var entry = ModelCatalog.Find(name).Single();
        AssertAlike(entry, Unchanged(entry), guided: true);
        AssertAlike(entry, Unchanged(entry), guided: false);
        if (entry.Dense is { } dense)
            AssertAlike(dense, Unchanged(entry).Dense!, guided: true);
        if (entry.FlopMatched is { } matched)
            AssertAlike(matched, Unchanged(entry).FlopMatched!, guided: true);
    }

    [Theory]
    [InlineData("SmallDeclared", Variant.Guided)]
    [InlineData("GptForm", Variant.Guided)]
    [InlineData("GptForm", Variant.Dense)]
    [InlineData("QwenForm", Variant.Guided)]
    [InlineData("GemmaForm", Variant.Guided)]
    [InlineData("OlmoForm", Variant.Guided)]
    [InlineData("LatentForm", Variant.Guided)]
    [InlineData("CappedForm", Variant.Guided)]
    [InlineData("PythiaForm", Variant.Dense)]
    [InlineData("PartedForm", Variant.Guided)]
    public void Training_takes_the_steps_of_the_generated_model(string name, Variant variant)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find(name);
        var (generated, composed) = (new StepLog(), new StepLog());
        var expected = new Trainer(entry, variant, data, SmallRuns.Options(null), generated).Run(default);
        var result = new Trainer(Unchanged(entry), variant, data, SmallRuns.Options(null), composed).Run(default);
        Assert.Equal(SmallRuns.Steps, composed.Steps.Count);
        Assert.Equal(generated.Steps, composed.Steps);
        Assert.Equal(expected.ValidationLoss, result.ValidationLoss);
        Assert.Equal(expected.TrainingFlops, result.TrainingFlops);
    }

    // The costs of a module that is a language model leave memory out.
    private static bool IsTransformer(ModelEntry entry) => entry.Cost.Memory is not null;

    private static void AssertAlike(ModelEntry generated, ModelEntry composed, bool guided)
    {
        var options = new ModelOptions { Seed = 3, Guided = guided };
        using var scope = NewDisposeScope();
        using var expected = generated.Create(options);
        using var model = composed.Create(options);
        Assert.Equal(expected.named_parameters().Select(named => named.name), model.named_parameters().Select(named => named.name));
        foreach (var (mine, its) in model.named_parameters().Zip(expected.named_parameters()))
            Assert.True(mine.parameter.equal(its.parameter).all().item<bool>(), mine.name);
        Assert.Equal(
            expected.Sublayers.Select(sublayer => (sublayer.Name, string.Join(',', sublayer.Blocks))),
            model.Sublayers.Select(sublayer => (sublayer.Name, string.Join(',', sublayer.Blocks)))
        );
        using var noGradient = no_grad();
        var tokens = arange(2 * 7, ScalarType.Int64).reshape(2, 7);
        // Modules of the tests drop at random in training.
        model.eval();
        expected.eval();
        Assert.True(model.forward(tokens).equal(expected.forward(tokens)).all().item<bool>());
        if (!generated.Cost.IsCausal)
            return;
        using var cache = new KeyValueCache(2, 16);
        using var other = new KeyValueCache(2, 16);
        Assert.True(model.Decode(tokens, cache).equal(expected.Decode(tokens, other)).all().item<bool>());
    }

    // A change to the number that is declared leaves the model as it is.
    private static ModelEntry Unchanged(ModelEntry entry) =>
        VariedModel.Of(entry, Variation.Parse($"depth={DeclarationReader.Of(entry).Transformer.Depth}")).Entry;

    private static string Written(ModelCost cost) => JsonSerializer.Serialize(cost with { Model = "" });
}
