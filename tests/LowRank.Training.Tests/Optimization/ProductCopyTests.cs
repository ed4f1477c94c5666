using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Layers;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Optimization;

/// <summary>Weights in the type of the products: what an optimizer leaves is what a cast would give.</summary>
public sealed class ProductCopyTests
{
    public static TheoryData<OptimizerKind> Kinds => [.. Enum.GetValues<OptimizerKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_optimizer_leaves_the_copies_up_to_date(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        using var model = new SmallTransformer(new ModelOptions { ComputeType = ScalarType.BFloat16, Guided = false });
        using var parameters = new FlatParameters(model);
        var optimizer = Optimizers.Create(parameters, new TrainingOptions { GaLoreRank = 4 }.WithOptimizer(kind));
        parameters.KeepCopies(ScalarType.BFloat16);
        for (var step = 0; step < 3; step++)
        {
            using var gradients = no_grad();
            foreach (var buffer in parameters.Buffers)
            {
                var noise = randn_like(buffer.Gradients);
                buffer.Gradients.copy_(noise);
            }

            using (var open = model.BeginStep(step, 3))
                open.Update(() => optimizer.Step(1e-2));
            foreach (var (name, parameter) in model.named_parameters())
            {
                var copy = WeightCopies.Of(parameter, ScalarType.BFloat16);
                Assert.NotNull(copy);
                var expected = parameter.to(ScalarType.BFloat16);
                Assert.True(copy.eq(expected).all().item<bool>(), $"{name} after step {step}");
            }
        }
    }

    [Fact]
    public void First_factors_of_queries_keys_and_values_are_one_matrix_in_the_buffer()
    {
        using var scope = NewDisposeScope();
        using var model = new SmallTransformer(new ModelOptions { ComputeType = ScalarType.BFloat16, Guided = false });
        using var parameters = new FlatParameters(model);
        var stacks = model.modules().OfType<ConcatenatedLinear>().Select(joined => joined.Stack).OfType<FactoredStack>().ToList();
        Assert.NotEmpty(stacks);
        foreach (var stack in stacks)
        {
            Assert.NotNull(stack.FirstFactorMemory);
            var one = cat([.. stack.Parts.Select(part => (Tensor)part.V)], 0);
            Assert.True(one.eq(stack.FirstFactorMemory).all().item<bool>());
        }
    }
}
