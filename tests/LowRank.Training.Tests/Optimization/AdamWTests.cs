using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Layers;
using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Optimization;

public sealed class AdamWTests
{
    private static readonly AdamWOptions Options = new(0.9, 0.95, 1e-8, 0.1, 1.0);

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-12)]
    public void Steps_with_clipping_are_those_of_the_library(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var own = new SmallTransformer(new ModelOptions { DataType = type, Guided = false });
        using var other = new SmallTransformer(new ModelOptions { DataType = type, Guided = false });
        using var parameters = new FlatParameters(own);
        var optimizer = new AdamW(parameters, Options);
        using var reference = optim.AdamW(other.parameters(), lr: 1e-2, beta1: 0.9, beta2: 0.95, eps: 1e-8, weight_decay: 0.1);
        for (var step = 0; step < 5; step++)
        {
            // Large in one step and small in the next: clipped and not.
            var size = step % 2 == 0 ? 1.0 : 1e-5;
            foreach (var ((_, mine), (_, theirs)) in own.named_parameters().Zip(other.named_parameters()))
            {
                var gradient = randn(mine.shape, type) * size;
                using (no_grad())
                    mine.grad!.copy_(gradient);
                theirs.grad = gradient;
            }

            var expected = nn.utils.clip_grad_norm_(other.parameters(), 1.0);
            var norm = optimizer.Step(1e-2);
            reference.step();
            Assert.Equal(expected, norm, expected * 1e-4);
        }

        foreach (var ((name, mine), (_, theirs)) in own.named_parameters().Zip(other.named_parameters()))
        {
            Assert.True(allclose(mine, theirs, tolerance, tolerance), name);
            Assert.Equal(0, mine.grad!.abs().max().to(ScalarType.Float64).item<double>());
        }
    }

    [Fact]
    public void A_guide_that_was_not_drawn_is_left_alone()
    {
        using var scope = NewDisposeScope();
        using var model = new SmallTransformer();
        using var parameters = new FlatParameters(model);
        var optimizer = new AdamW(parameters, Options);
        using var step = model.BeginStep(0, 10);
        var linear = model.FactoredLinears.First();
        linear.Blend(0.5, drawn: false);
        using var before = linear.Guide!.detach().clone();
        using var other = model.FactoredLinears.Last().Guide!.detach().clone();
        step.Update(() => optimizer.Step(0.1));
        Assert.True(equal(before, linear.Guide!).item<bool>());
        Assert.False(equal(other, model.FactoredLinears.Last().Guide!).item<bool>());
        Assert.Equal(
            [0, 1, 1, 1, 1, 1],
            parameters.Buffers.Where(buffer => buffer.Kind == ParameterKind.Guide).Select(buffer => buffer.Updates)
        );

        static Tensor equal(Tensor left, Tensor right) => left.eq(right).all();
    }

    [Fact]
    public void Parameters_keep_their_values_when_they_move_and_gradients_accumulate_in_the_buffer()
    {
        using var scope = NewDisposeScope();
        using var model = new SmallTransformer(new ModelOptions { Guided = false });
        var before = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.detach().clone());
        using var parameters = new FlatParameters(model);
        foreach (var (name, parameter) in model.named_parameters())
            Assert.True(before[name].eq(parameter).all().item<bool>(), name);
        model.forward(zeros(1, 4, ScalarType.Int64)).sum().backward();
        foreach (var buffer in parameters.Lasting)
        {
            foreach (var slice in buffer.Slices)
            {
                using var place = FlatBuffer.View(buffer.Gradients, slice);
                Assert.True(place.eq(slice.Parameter.grad!).all().item<bool>(), slice.Name);
            }

            Assert.True(buffer.Gradients.abs().sum().item<float>() > 0);
        }
    }

    [Fact]
    public void Releasing_the_guides_frees_their_buffers()
    {
        using var model = new SmallTransformer();
        using var parameters = new FlatParameters(model);
        _ = new AdamW(parameters, Options);
        using (var first = model.BeginStep(0, 10))
            first.Skip();
        var guides = parameters.Buffers.Where(buffer => buffer.Kind == ParameterKind.Guide).ToList();
        var moments = guides.SelectMany(buffer => buffer.State()).Select(state => state.Own!()).ToList();
        Assert.Equal(guides.Sum(buffer => 2 * buffer.Length), moments.Sum(moment => moment.NumberOfElements));
        Assert.Equal(SmallTransformer.Cost.Summary.GuideParameters, guides.Sum(buffer => buffer.Length));
        using var later = model.BeginStep(5, 10);
        Assert.DoesNotContain(parameters.Buffers, buffer => buffer.Kind == ParameterKind.Guide);
        Assert.All(guides, buffer => Assert.True(buffer.Values.IsInvalid && buffer.Gradients.IsInvalid && buffer.IsReleased));
        moments.ForEach(moment => moment.Dispose());
    }
}
