using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.HandWritten;

public sealed class HandWrittenTransformerTests
{
    [Fact]
    public void Its_costs_are_those_of_the_live_module()
    {
        using var model = new SmallTransformer();
        Assert.Equal(SmallTransformer.Cost.Summary.ParametersAtStart, model.parameters().Sum(parameter => parameter.NumberOfElements));
        using (var first = model.BeginStep(0, 10))
        {
            Assert.Equal(SmallTransformer.Cost.Summary.GuidedForwardFlopsPerToken, model.LiveForwardFlopsPerToken(64));
            Assert.Equal(SmallTransformer.Cost.Summary.Guides[0].ProjectionFlopsPerStep, model.LiveProjectionFlops());
            first.Skip();
        }

        using var later = model.BeginStep(5, 10);
        Assert.False(model.HasGuide);
        Assert.Equal(SmallTransformer.Cost.Summary.Parameters, model.parameters().Sum(parameter => parameter.NumberOfElements));
        Assert.Equal(SmallTransformer.Cost.Summary.ForwardFlopsPerToken, model.LiveForwardFlopsPerToken(64));
        Assert.DoesNotContain(model.state_dict().Keys, name => name.Contains("guide", StringComparison.Ordinal));
    }

    [Fact]
    public void Decoding_token_by_token_gives_the_logits_of_the_whole_sequence()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new SmallTransformer(new ModelOptions { DataType = ScalarType.Float64, Seed = 3 });
        using var step = model.BeginStep(2, 10);
        using var tokens = randint(0, 512, [2, 20], ScalarType.Int64);
        using var whole = model.forward(tokens);
        using var cache = new KeyValueCache(2, 64);
        for (var position = 0; position < 20; )
        {
            var count = position switch
            {
                0 => 7,
                7 => 5,
                _ => 1,
            };
            using var logits = model.Decode(tokens.narrow(1, position, count), cache);
            position += count;
            Assert.True(allclose(logits, whole.select(1, position - 1), 1e-10, 1e-10));
        }
    }
}
