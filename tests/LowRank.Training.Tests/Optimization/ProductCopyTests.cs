using LowRank.Blocks;
using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Layers;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Optimization;

/// <summary>Weights in the type of the products: what an optimizer leaves is what a cast would give.</summary>
public sealed class ProductCopyTests
{
    private static readonly TrainingOptions Options = new()
    {
        Context = 16,
        SequencesPerStep = 1,
        SequencesPerMicroBatch = 1,
        Steps = 3,
        GaLoreRank = 4,
    };

    public static TheoryData<OptimizerKind> Kinds => [.. Enum.GetValues<OptimizerKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_optimizer_leaves_the_copies_up_to_date(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        using var model = new SmallTransformer(new ModelOptions { ComputeType = ScalarType.BFloat16, Guided = false });
        using var parameters = new FlatParameters(model);
        var optimizer = Optimizers.Create(parameters, Options.WithOptimizer(kind));
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
        var options = new ModelOptions { ComputeType = ScalarType.BFloat16 };
        LowRankLinear Part(int outputs) => new(32, outputs, rank: 8, bias: true, guide: false, options);
        using var model = new ConcatenatedLinear(("query", Part(64)), ("key", Part(16)), ("value", Part(16)));
        using (no_grad())
        {
            foreach (var parameter in model.parameters())
                parameter.normal_(0, 0.1);
        }

        using var root = nn.Sequential(("attention", model));
        using var parameters = new FlatParameters(root);
        parameters.KeepCopies(ScalarType.BFloat16);
        var stack = ((IStackedHost)model).Stack!;
        var factors = cat([.. stack.Matrices], 0);
        Assert.True(factors.eq(stack.Joined!).all().item<bool>());
        var copy = factors.to(ScalarType.BFloat16);
        Assert.True(copy.eq(WeightCopies.Of(stack.Joined!, ScalarType.BFloat16)!).all().item<bool>());

        // The gradient of the one matrix arrives where the optimizer looks for those of the three.
        using var tape = new Tape(options);
        var x = randn(5, 32).to(ScalarType.BFloat16);
        using (no_grad())
        using (var output = model.Record(x, tape))
        using (model.Backward(output, tape)) { }

        Assert.All(stack.Matrices, factor => Assert.True(factor.grad!.abs().sum().item<float>() > 0));
        using var separate = new ConcatenatedLinear(("query", Part(64)), ("key", Part(16)), ("value", Part(16)));
        using var otherTape = new Tape(options);
        using (no_grad())
        {
            foreach (var (mine, theirs) in model.parameters().Zip(separate.parameters()))
                theirs.copy_(mine);
            using (var output = separate.Record(x, otherTape))
            using (separate.Backward(output, otherTape)) { }
        }

        foreach (var (mine, theirs) in model.parameters().Zip(separate.parameters()))
            Assert.True(allclose(mine.grad!, theirs.grad!, 1e-2, 1e-5));
    }

    [Fact]
    public void Weights_of_gate_and_up_are_one_matrix_until_a_buffer_has_them_apart()
    {
        using var scope = NewDisposeScope();
        var options = new ModelOptions();
        Linear Full(int inputs, int outputs) => new(inputs, outputs, bias: false, options);
        using var expert = new Expert(Activation.Silu, Full(32, 64), Full(32, 64), Full(64, 32));
        using (no_grad())
        {
            foreach (var parameter in expert.parameters())
                parameter.normal_(0, 0.1);
        }

        using var root = nn.Sequential(("expert", expert));
        var stack = ((IStackedHost)expert).Stack!;
        Assert.False(stack.IsOneProduct);
        using (new FlatParameters(root))
        {
            var weights = cat([.. stack.Matrices], 0);
            Assert.Equal([128L, 32], stack.Joined!.shape);
            Assert.True(weights.equal(stack.Joined).all().item<bool>());
        }

        // Up moves, gate stays: what lay together is neither's memory any more.
        ((Linear)expert.Gate!)
            .Weight
            .requires_grad = false;
        using var second = new FlatParameters(root);
        Assert.False(stack.IsOneProduct);
    }
}
