using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Reparameterization;

public sealed class EffectiveWeightTests
{
    private const double Tolerance = 1e-10;

    public static TheoryData<double, bool, int, bool> Cases()
    {
        var cases = new TheoryData<double, bool, int, bool>();
        foreach (var alpha in new[] { 1, 0.7, 0.3, 0 })
        {
            foreach (var bias in new[] { true, false })
            {
                foreach (var microBatches in new[] { 1, 4 })
                {
                    foreach (var shared in new[] { true, false })
                        cases.Add(alpha, bias, microBatches, shared);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Output_and_gradients_are_those_of_the_two_branches(double alpha, bool bias, int microBatches, bool sharedGradient)
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(bias);
        using var reference = new TwoBranches(layer, alpha);
        if (sharedGradient)
            layer.ShareGuideGradient(zeros(24, 16, ScalarType.Float64));

        layer.Blend(alpha);
        for (var batch = 0; batch < microBatches; batch++)
        {
            var x = randn(3, 5, 16, dtype: ScalarType.Float64);
            var own = x.detach().clone().requires_grad_();
            var other = x.detach().clone().requires_grad_();
            var weighting = randn(3, 5, 24, dtype: ScalarType.Float64);
            var y = layer.forward(own);
            var expected = reference.Forward(other);
            AssertClose(expected, y);
            (y * weighting).sum().backward();
            (expected * weighting).sum().backward();
            AssertClose(other.grad!, own.grad!);
        }

        layer.ProjectGradients();
        AssertClose(reference.W.grad!, layer.Guide!.grad!);
        AssertClose(reference.U.grad!, layer.U.grad!);
        AssertClose(reference.V.grad!, layer.V.grad!);
        if (bias)
            AssertClose(reference.Bias!.grad!, layer.Bias!.grad!);
    }

    [Fact]
    public void Clipping_the_projected_gradients_equals_clipping_those_of_the_two_branches()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(bias: true);
        using var reference = new TwoBranches(layer, 0.6);
        layer.Blend(0.6);
        var x = randn(7, 16, dtype: ScalarType.Float64);
        layer.forward(x).square().sum().backward();
        reference.Forward(x).square().sum().backward();
        layer.ProjectGradients();

        nn.utils.clip_grad_norm_([layer.Guide!, layer.U, layer.V, layer.Bias!], 0.5);
        nn.utils.clip_grad_norm_([reference.W, reference.U, reference.V, reference.Bias!], 0.5);
        AssertClose(reference.W.grad!, layer.Guide!.grad!);
        AssertClose(reference.U.grad!, layer.U.grad!);
        AssertClose(reference.V.grad!, layer.V.grad!);
    }

    [Fact]
    public void A_second_step_starts_from_cleared_gradients()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(bias: false);
        var x = randn(7, 16, dtype: ScalarType.Float64);
        layer.Blend(0.8);
        layer.forward(x).sum().backward();
        layer.ProjectGradients();
        layer.zero_grad();

        using var reference = new TwoBranches(layer, 0.4);
        layer.Blend(0.4);
        layer.forward(x).square().sum().backward();
        reference.Forward(x).square().sum().backward();
        layer.ProjectGradients();
        AssertClose(reference.W.grad!, layer.Guide!.grad!);
        AssertClose(reference.U.grad!, layer.U.grad!);
        AssertClose(reference.V.grad!, layer.V.grad!);
    }

    [Fact]
    public void At_step_zero_the_output_does_not_depend_on_alpha()
    {
        using var scope = NewDisposeScope();
        using var layer = new LowRankLinear(16, 24, 4, bias: true, guide: true, new ModelOptions { DataType = ScalarType.Float64 });
        InitialWeights.Draw(layer, 11);
        var x = randn(6, 16, dtype: ScalarType.Float64);
        layer.Blend(0, drawn: false);
        var factored = layer.forward(x);
        foreach (var alpha in new[] { 1, 0.5, 0 })
        {
            layer.Blend(alpha);
            AssertClose(factored, layer.forward(x));
        }
    }

    [Fact]
    public void An_undrawn_step_goes_through_the_factors_and_gives_the_guide_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(bias: false);
        layer.Blend(0.5, drawn: false);
        Assert.False(layer.UsesEffectiveWeight);
        var x = randn(6, 16, dtype: ScalarType.Float64);
        var y = layer.forward(x);
        AssertClose(x.matmul(layer.V.t()).matmul(layer.U.t()), y);
        y.sum().backward();
        layer.ProjectGradients();
        Assert.Null(layer.Guide!.grad);
        Assert.NotNull(layer.U.grad);
    }

    [Fact]
    public void Release_frees_the_guide_and_leaves_the_factors_as_they_are()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(bias: false);
        layer.ShareGuideGradient(zeros(24, 16, ScalarType.Float64));
        layer.Blend(0.5);
        var guide = layer.Guide!;
        var effective = layer.EffectiveWeight!;
        var released = 0;
        layer.GuideReleased += (_, _) => released++;

        layer.ReleaseGuide();
        layer.ReleaseGuide();
        Assert.Equal(1, released);
        Assert.True(guide.IsInvalid);
        Assert.True(effective.IsInvalid);
        Assert.Null(layer.Guide);
        Assert.Equal(["u", "v"], layer.named_parameters().Select(entry => entry.name));
        Assert.Equal(["u", "v"], layer.state_dict().Keys);
        var x = randn(6, 16, dtype: ScalarType.Float64);
        AssertClose(x.matmul(layer.V.t()).matmul(layer.U.t()), layer.forward(x));
    }

    private static LowRankLinear Layer(bool bias)
    {
        var layer = new LowRankLinear(16, 24, 4, bias, guide: true, new ModelOptions { DataType = ScalarType.Float64 });
        // Unrelated values everywhere: the start at W = U·V would hide a mistake in the blend.
        using (no_grad())
        {
            foreach (var parameter in layer.parameters())
                parameter.normal_();
        }

        return layer;
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        using var difference = (expected - actual).abs().max();
        Assert.True(difference.item<double>() <= Tolerance, $"differs by {difference.item<double>():g3}");
    }
}
