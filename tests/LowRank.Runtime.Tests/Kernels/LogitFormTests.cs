using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Kernels;

/// <summary>Scaled and capped logits: the loss and its gradient, held against autograd in double precision.</summary>
public sealed class LogitFormTests
{
    [Theory]
    [InlineData(0.25, null)]
    [InlineData(1.0, 2.5)]
    [InlineData(3.0, 4.0)]
    public void The_gradient_of_the_products_is_autograds(double scale, double? cap)
    {
        var form = new LogitForm(scale, cap);
        Check(form, ScalarType.Float64, 1e-12);
        Check(form, ScalarType.Float32, 2e-6);
        Check(form, ScalarType.BFloat16, 1e-2);
    }

    // 37 columns: whole vectors and a rest behind them.
    private static void Check(in LogitForm form, ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var products = (randn([5, 37], ScalarType.Float64, generator: generator) * 4).to(type);
        var targets = tensor(new long[] { 0, 36, 5, 17, 32 }).view(-1, 1);
        var leaf = products.to(ScalarType.Float64).detach().requires_grad_(true);
        var logits = leaf * form.Scale;
        if (form.SoftCap is { } cap)
            logits = cap * (logits / cap).tanh();
        var loss = nn.functional.cross_entropy(logits, targets.flatten(), reduction: nn.Reduction.Sum);
        loss.backward();

        using var noGradient = no_grad();
        var total = zeros(1, ScalarType.Float64);
        var actual = products.clone();
        FusedOperations.For(actual).CrossEntropy(actual, targets, total, 0.5, form);
        var expected = leaf.grad! * 0.5;
        Assert.InRange(((actual.to(ScalarType.Float64) - expected).norm() / expected.norm()).item<double>(), 0, tolerance);
        Assert.Equal(loss.item<double>(), total.item<double>(), loss.item<double>() * tolerance);
    }

    [Theory]
    [InlineData(1.0, null)]
    [InlineData(0.25, null)]
    [InlineData(3.0, 4.0)]
    public void An_ignored_target_adds_no_loss_and_no_gradient_whatever_its_logits_are(double scale, double? cap)
    {
        var form = new LogitForm(scale, cap);
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16 })
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(4);
            using var noGradient = no_grad();
            var products = randn([4, 37], ScalarType.Float64, generator: generator).to(type);
            var counted = cat([products[0].unsqueeze(0), products[2].unsqueeze(0)]);
            products[1].fill_(double.NaN);
            products[3].fill_(double.PositiveInfinity);
            var (total, alone) = (zeros(1, ScalarType.Float64), zeros(1, ScalarType.Float64));
            var targets = tensor(new long[] { 7, -100, 36, -100 }).view(-1, 1);
            FusedOperations.For(products).CrossEntropy(products, targets, total, 0.5, form);
            FusedOperations.For(counted).CrossEntropy(counted, tensor(new long[] { 7, 36 }).view(-1, 1), alone, 0.5, form);
            Assert.Equal(alone.item<double>(), total.item<double>());
            Assert.True(counted[0].equal(products[0]).all().item<bool>() && counted[1].equal(products[2]).all().item<bool>());
            Assert.Equal(0, products[1].count_nonzero().item<long>() + products[3].count_nonzero().item<long>());
        }
    }

    [Fact]
    public unsafe void A_cap_is_near_its_formula_for_small_and_large_numbers()
    {
        var numbers = Enumerable.Range(-400, 801).Select(i => (float)(Math.CopySign(Math.Pow(1.05, Math.Abs(i) - 250.0), i))).ToArray();
        var capped = (float[])numbers.Clone();
        fixed (float* place = capped)
            SoftCapKernel.Cap<Float32Element>((byte*)place, capped.Length, scale: 2, cap: 30);
        for (var i = 0; i < numbers.Length; i++)
        {
            var expected = 30 * Math.Tanh(2.0 * numbers[i] / 30);
            Assert.InRange(capped[i], expected - 5e-7 * Math.Abs(expected), expected + 5e-7 * Math.Abs(expected));
        }
    }
}
