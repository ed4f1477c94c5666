using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using LowRank.Training.Variations;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Modules;

/// <summary>Modules that are language models: listed, counted, trained, resumed and decoded like transformers.</summary>
public sealed class LanguageModuleTests
{
    public static TheoryData<string> Models => [nameof(RecurrentLanguageModel), nameof(UntiedLanguageModel)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Costs_are_those_of_the_live_module(string name)
    {
        var entry = Find(name);
        using var model = entry.Create(new ModelOptions { Initialize = false });
        Assert.Equal(entry.Cost.ParametersAtStart, model.parameters().Sum(parameter => parameter.NumberOfElements));
        Assert.Equal(entry.Cost.Parameters, entry.Cost.Sublayers.Sum(part => part.Parameters));
        Assert.Equal(entry.Cost.ForwardFlopsPerToken, entry.Cost.Sublayers.Sum(part => part.ForwardFlopsPerToken));
        using (var step = model.BeginStep(0, 10))
        {
            foreach (var linear in model.FactoredLinears)
                linear.Blend(0.5);
            Assert.Equal(entry.Cost.GuidedForwardFlopsPerToken, model.LiveForwardFlopsPerToken(model.Context));
            Assert.Equal(entry.Cost.Guides.Sum(guide => guide.ProjectionFlopsPerStep), model.LiveProjectionFlops());
            step.Skip();
        }

        using var last = model.BeginStep(10, 10);
        Assert.Equal(entry.Cost.ForwardFlopsPerToken, model.LiveForwardFlopsPerToken(model.Context));
        Assert.Equal(3 * entry.Cost.ForwardFlopsPerToken, model.LiveTrainingFlopsPerToken(model.Context));
        Assert.Equal(entry.Cost.Parameters, model.parameters().Sum(parameter => parameter.NumberOfElements));
        last.Skip();
    }

    [Theory]
    [InlineData(nameof(RecurrentLanguageModel), Variant.Guided)]
    [InlineData(nameof(UntiedLanguageModel), Variant.LowRank)]
    public void A_stopped_run_goes_on_bit_for_bit(string name, Variant variant) =>
        SmallRuns.GoesOnBitForBit(name, variant, options => options, step: 5, isKilled: true);

    [Theory]
    [MemberData(nameof(Models))]
    public void Tokens_that_are_read_in_parts_give_the_logits_of_one_pass(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Find(name).Create(new ModelOptions { DataType = ScalarType.Float64, Seed = 2 });
        var tokens = randint(0, 300, [2, 12], ScalarType.Int64);
        var expected = model.forward(tokens);
        using var cache = new KeyValueCache(2, 12);
        var position = 0;
        foreach (var part in new[] { 5, 1, 1, 5 })
        {
            var logits = model.Decode(tokens.narrow(1, position, part), cache);
            position += part;
            Assert.True(allclose(expected.select(1, position - 1), logits, 1e-10, 1e-10));
        }
    }

    [Fact]
    public void It_can_t_be_varied_and_says_so() =>
        Assert.Contains(
            "UntiedLanguageModel is a [Module] with [LanguageModel], whose forward pass is code of yours; only models declared with [Transformer] can be varied.",
            Assert.Throws<InputException>(() => DeclarationReader.Of(Find(nameof(UntiedLanguageModel)))).Message,
            StringComparison.Ordinal
        );

    private static ModelEntry Find(string name) => ModelCatalog.Find($"LowRank.EndToEnd.Tests.Modules.{name}").Single();
}
