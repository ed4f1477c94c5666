using LowRank.Layers;
using LowRank.Reparameterization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Reparameterization;

/// <summary>Layers with options of their factors against their formulas written out, over several updates in double precision.</summary>
public sealed class FactorOptionTests
{
    private const double Tolerance = 1e-10;
    private const int Steps = 6;
    private static readonly ModelOptions Double = new() { DataType = ScalarType.Float64 };

    public static TheoryData<Activation, bool> Activations()
    {
        var cases = new TheoryData<Activation, bool>();
        foreach (var activation in Enum.GetValues<Activation>())
        {
            cases.Add(activation, true);
            cases.Add(activation, false);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Updates_with_an_activation_are_those_of_its_formula(Activation activation, bool recorded)
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(
            24,
            rank: 5,
            guide: false,
            new FactorOptions { Activation = activation, Initialization = LowRank.Initialization.Gaussian }
        );
        AssertSameUpdates(layer, recorded, (x, w, _) => F(x.matmul(w.V.t())).matmul(w.U.t()) + w.Bias, _ => null);

        Tensor F(Tensor x) =>
            activation switch
            {
                Activation.Silu => x * x.sigmoid(),
                Activation.Gelu => x * 0.5 * (1 + special.erf(x / Math.Sqrt(2))),
                Activation.GeluTanh => x * 0.5 * (1 + (Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x.pow(3))).tanh()),
                Activation.Relu => x.clamp_min(0),
                _ => x.clamp_min(0).pow(2),
            };
    }

    // Ranks that divide the outputs, don't, and leave one piece alone; rows below the rank and above it.
    [Theory]
    [InlineData(24, 6, false, false)]
    [InlineData(24, 6, true, false)]
    [InlineData(23, 5, false, false)]
    [InlineData(23, 5, true, false)]
    [InlineData(16, 16, true, false)]
    [InlineData(7, 1, true, false)]
    [InlineData(24, 6, false, true)]
    [InlineData(23, 5, true, true)]
    public void Updates_with_a_residual_are_those_of_its_formula(int outputs, int rank, bool recorded, bool guided)
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(outputs, rank, guided, new FactorOptions { Residual = true });
        var pieces = (outputs + rank - 1) / rank;
        AssertSameUpdates(
            layer,
            recorded,
            (x, w, alpha) =>
            {
                var z = x.matmul(w.V.t());
                var repeated = cat([.. Enumerable.Repeat(z, pieces)], -1).narrow(-1, 0, outputs) / Math.Sqrt(pieces);
                var factored = z.matmul(w.U.t()) + repeated;
                return (w.Guide is null ? factored : alpha * x.matmul(w.Guide.t()) + (1 - alpha) * factored) + w.Bias;
            },
            _ => null
        );
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Updates_with_a_product_decay_are_those_of_the_penalty(bool residual, bool guided)
    {
        using var scope = NewDisposeScope();
        const double Decay = 0.3;
        using var layer = Layer(24, rank: 6, guided, new FactorOptions { ProductDecay = Decay, Residual = residual });
        Tensor Folded(Weights w) => residual ? w.U + eye(6, dtype: ScalarType.Float64).repeat(4, 1) / 2 : w.U;
        AssertSameUpdates(
            layer,
            recorded: true,
            (x, w, alpha) =>
            {
                var factored = x.matmul(w.V.t()).matmul(Folded(w).t());
                return (w.Guide is null ? factored : alpha * x.matmul(w.Guide.t()) + (1 - alpha) * factored) + w.Bias;
            },
            w => Decay / 2 * Folded(w).mm(w.V).square().sum()
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rebalancing_keeps_the_product_and_gives_both_factors_its_spectrum(bool residual)
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(24, rank: 5, guide: false, new FactorOptions { RebalanceEvery = 4, Residual = residual });
        using (no_grad())
            layer.U.mul_(30);
        var product = layer.FoldedU().detach().mm(layer.V.detach());
        var u = layer.U.detach().clone();
        var rebalanced = 0;
        layer.Rebalanced += (_, _) => rebalanced++;
        for (var step = 0; step < 3; step++)
            layer.CompleteStep(new TrainingStep(step, 8, 0));
        Assert.Equal(0, rebalanced);
        Assert.True(u.equal(layer.U).all().item<bool>());

        layer.CompleteStep(new TrainingStep(3, 8, 0));
        Assert.Equal(1, rebalanced);
        Assert.False(u.equal(layer.U).all().item<bool>());
        AssertClose(product, layer.FoldedU().detach().mm(layer.V.detach()), "UV", Tolerance * 100);
        var (_, all, _) = linalg.svd(product);
        var spectrum = all.narrow(0, 0, 5);
        AssertClose(diag(spectrum), layer.FoldedU().detach().t().mm(layer.FoldedU().detach()), "UᵀU", 1e-9);
        AssertClose(diag(spectrum), layer.V.detach().mm(layer.V.detach().t()), "VVᵀ", 1e-9);

        // After the last step nothing is left to prepare for.
        layer.CompleteStep(new TrainingStep(7, 8, 0));
        Assert.Equal(1, rebalanced);
    }

    [Theory]
    [InlineData(LowRank.Initialization.Orthogonal, 0.02)]
    [InlineData(LowRank.Initialization.Gaussian, 0.0441941738)] // 1/√(256 + 256)
    public void The_product_starts_with_the_deviation_that_is_promised(LowRank.Initialization initialization, double deviation)
    {
        using var scope = NewDisposeScope();
        using var layer = new LowRankLinear(
            256,
            256,
            32,
            bias: false,
            guide: true,
            Double,
            new FactorOptions { Initialization = initialization, Residual = true }
        );
        InitialWeights.Draw(layer, 4);
        using var noGradient = no_grad();
        Assert.Equal(deviation, layer.U.mm(layer.V).square().mean().sqrt().item<double>(), deviation * 0.03);
        // The guide starts at what the layer computes.
        AssertClose(layer.FoldedU().mm(layer.V), layer.Guide!, "W", 1e-12);
        if (initialization != LowRank.Initialization.Orthogonal)
            return;
        var gram = layer.U.t().mm(layer.U);
        AssertClose(eye(32, dtype: ScalarType.Float64) * gram[0, 0], gram, "UᵀU", 1e-6);
        var other = layer.V.mm(layer.V.t());
        AssertClose(eye(32, dtype: ScalarType.Float64) * gram[0, 0], other, "VVᵀ", 1e-6);
    }

    [Fact]
    public void An_activation_refuses_what_assumes_a_product()
    {
        var activated = new FactorOptions { Activation = Activation.Silu, Initialization = LowRank.Initialization.Gaussian };
        using (new LowRankLinear(8, 8, 2, bias: false, guide: false, Double, activated))
            Assert.Throws<ArgumentException>(() => new LowRankLinear(8, 8, 2, bias: false, guide: true, Double, activated));
        foreach (
            var excluded in new[]
            {
                activated with
                {
                    Residual = true,
                },
                activated with
                {
                    RebalanceEvery = 2,
                },
                activated with
                {
                    ProductDecay = 1,
                },
                activated with
                {
                    Initialization = LowRank.Initialization.Spectral,
                },
            }
        )
        {
            Assert.Throws<ArgumentException>(() => new LowRankLinear(8, 8, 2, bias: false, guide: false, Double, excluded));
        }
    }

    // Both are trained by AdamW on the same batches; α falls where there is a guide.
    private static void AssertSameUpdates(
        LowRankLinear layer,
        bool recorded,
        Func<Tensor, Weights, double, Tensor> formula,
        Func<Weights, Tensor?> penalty
    )
    {
        using var scope = NewDisposeScope();
        var reference = new Weights(layer);
        var own = optim.AdamW(layer.parameters(), lr: 0.05);
        var other = optim.AdamW(reference.All, lr: 0.05);
        for (var step = 0; step < Steps; step++)
        {
            var alpha = 1 - step / (double)Steps;
            layer.Blend(alpha);
            own.zero_grad();
            other.zero_grad();
            // Few rows and many: both ways of adding the residual.
            foreach (var rows in new[] { 2, 9 })
            {
                var x = randn(rows, 3, 16, dtype: ScalarType.Float64);
                var target = randn(rows, 3, layer.Outputs, dtype: ScalarType.Float64);
                var y = formula(x, reference, alpha);
                (y - target).square().sum().backward();
                if (recorded)
                {
                    using var noGradient = no_grad();
                    using var tape = new Tape(Double);
                    var output = layer.Record(x, tape);
                    AssertClose(y, output, "y", Tolerance);
                    layer.Backward((output - target) * 2, tape);
                    Assert.Equal(0, tape.Count);
                }
                else
                {
                    var output = layer.forward(x);
                    AssertClose(y, output, "y", Tolerance);
                    (output - target).square().sum().backward();
                }

                var single = randn(1, 16, dtype: ScalarType.Float64);
                AssertClose(formula(single, reference, alpha), layer.forward(single), "one row", Tolerance);
            }

            penalty(reference)?.backward();
            layer.ProjectGradients();
            own.step();
            other.step();
            AssertClose(reference.U, layer.U, "U", Tolerance);
            AssertClose(reference.V, layer.V, "V", Tolerance);
            AssertClose(reference.Bias, layer.Bias!, "b", Tolerance);
            if (reference.Guide is not null)
                AssertClose(reference.Guide, layer.Guide!, "W", Tolerance);
        }
    }

    private static LowRankLinear Layer(int outputs, int rank, bool guide, FactorOptions factors)
    {
        var layer = new LowRankLinear(16, outputs, rank, bias: true, guide, Double, factors);
        using var noGradient = no_grad();
        foreach (var parameter in layer.parameters())
            parameter.normal_(0, 0.5);
        return layer;
    }

    private static void AssertClose(Tensor expected, Tensor actual, string what, double tolerance)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        using var difference = (expected - actual).abs().max();
        Assert.True(difference.item<double>() <= tolerance, $"{what} differs by {difference.item<double>():g3}");
    }

    private sealed class Weights(LowRankLinear layer)
    {
        public Parameter U { get; } = Copy(layer.U);

        public Parameter V { get; } = Copy(layer.V);

        public Parameter Bias { get; } = Copy(layer.Bias!);

        public Parameter? Guide { get; } = layer.Guide is null ? null : Copy(layer.Guide);

        public IEnumerable<Parameter> All => Guide is null ? [U, V, Bias] : [U, V, Bias, Guide];

        private static Parameter Copy(Tensor tensor)
        {
            using var detached = tensor.detach();
            return new(detached.clone());
        }
    }
}
