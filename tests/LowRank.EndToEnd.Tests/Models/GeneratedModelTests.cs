using LowRank.Costs;
using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

public sealed class GeneratedModelTests
{
    [Fact]
    public void The_generated_model_is_the_hand_written_one()
    {
        using var scope = NewDisposeScope();
        var options = new ModelOptions { DataType = ScalarType.Float64, Seed = 9 };
        using var generated = new SmallDeclared(options);
        using var written = new SmallTransformer(options);
        Assert.Equal(written.state_dict().Keys, generated.state_dict().Keys);
        // Shapes and activations are not counted by hand.
        Assert.Equal(SmallTransformer.Cost.Summary.Sublayers.Select(Counted), SmallDeclared.Cost.Summary.Sublayers.Select(Counted));
        Assert.Equal(SmallTransformer.Cost.Summary.Guides, SmallDeclared.Cost.Summary.Guides);

        var tokens = randint(0, 512, [2, 16], ScalarType.Int64);
        foreach (var step in new[] { 0, 3, 5 })
        {
            using var own = generated.BeginStep(step, 10);
            using var theirs = written.BeginStep(step, 10);
            Assert.Equal(theirs.Alpha, own.Alpha);
            generated.zero_grad();
            written.zero_grad();
            var logits = generated.forward(tokens);
            var expected = written.forward(tokens);
            Assert.True(allclose(expected, logits, 0, 0));
            logits.square().sum().backward();
            expected.square().sum().backward();
            own.Update(() => { });
            theirs.Update(() => { });
            foreach (var ((name, mine), (_, other)) in generated.named_parameters().Zip(written.named_parameters()))
                Assert.True(allclose(other.grad!, mine.grad!, 0, 0), name);
        }
    }

    private static SublayerCost Counted(SublayerCost part) => part with { Weights = [], Activations = null };

    [Fact]
    public void The_dense_baseline_starts_from_the_same_draws_as_the_declared_model()
    {
        using var scope = NewDisposeScope();
        using var declared = new SmallDeclared(new ModelOptions { Seed = 4 });
        using var dense = new SmallDeclared.Dense(new ModelOptions { Seed = 4 });
        var own = declared.state_dict();
        var shared = dense.state_dict().Where(entry => own.ContainsKey(entry.Key)).ToList();
        Assert.True(shared.Count > 10);
        Assert.All(shared, entry => Assert.True(entry.Value.eq(own[entry.Key]).all().item<bool>(), entry.Key));
    }

    [Fact]
    public void A_sampled_guide_is_drawn_as_the_schedule_says_and_repeats_its_draws()
    {
        const int Steps = 200;
        using var model = new GptForm(new ModelOptions { Initialize = false, Seed = 7 });
        var linears = model.FactoredLinears.ToList();
        long[] Draws(long step)
        {
            using var scope = model.BeginStep(step, Steps);
            scope.Skip();
            return [.. linears.Select(linear => linear.UsesEffectiveWeight ? 1L : 0L)];
        }

        long drawn = 0;
        for (var step = 0; step < 80; step++)
        {
            var draws = Draws(step);
            Assert.Equal(draws, Draws(step));
            drawn += draws.Sum();
        }

        // Σ α(t) = (T+1)/2 for each linear, T = 200 · 0.4.
        var expected = 81 / 2.0 * linears.Count;
        Assert.InRange(drawn, expected * 0.85, expected * 1.15);
        Assert.All(Draws(0), draw => Assert.Equal(1, draw));
        using var after = model.BeginStep(80, Steps);
        Assert.False(model.HasGuide);
    }
}
