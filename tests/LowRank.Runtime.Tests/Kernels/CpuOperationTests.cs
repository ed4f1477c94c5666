using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Kernels;

/// <summary>The CPU's operations, held against libtorch's in double precision.</summary>
public sealed class CpuOperationTests
{
    private const double Exact = 2e-6;

    // Half a unit in the last place of a bfloat16, with some room for sums.
    private const double Rounded = 8e-3;

    private static readonly CpuOperations Cpu = new();
    private static readonly TensorOperations General = new();

    public static TheoryData<bool, ScalarType, ScalarType, long, long> Norms =>
        new()
        {
            { false, ScalarType.Float32, ScalarType.Float32, 1, 3 },
            { true, ScalarType.Float32, ScalarType.Float32, 1, 2 },
            { true, ScalarType.Float32, ScalarType.Float32, 700, 255 },
            { false, ScalarType.Float32, ScalarType.BFloat16, 700, 255 },
            { true, ScalarType.Float32, ScalarType.BFloat16, 7, 1000 },
            { true, ScalarType.BFloat16, ScalarType.BFloat16, 9, 33 },
            { false, ScalarType.BFloat16, ScalarType.Float32, 9, 33 },
        };

    [Theory]
    [MemberData(nameof(Norms))]
    public void Norms_with_what_is_added_before_them(bool isCentered, ScalarType type, ScalarType output, long rows, long width)
    {
        using var scope = NewDisposeScope();
        var tolerance = type == ScalarType.Float32 && output == ScalarType.Float32 ? Exact : Rounded;
        var norm = new NormParameters(randn(width), isCentered ? randn(width) : null, 1e-5, isCentered);
        var exact = new NormParameters(Double(norm.Gain), norm.Bias is null ? null : Double(norm.Bias), 1e-5, isCentered);
        // Of a few numbers that are nearly equal the norm is all rounding, so those lie apart.
        var apart = arange(width, ScalarType.Float32).remainder(2) * (width < 4 ? 12 : 0);
        var (stream, addend) = ((randn(rows, width) + 3 + apart).to(type), randn(rows, width).to(output));

        var actual = Cpu.AddAndNormalize(norm, stream, addend.clone(), output, out var sum, out var statistics);
        Close(Double(stream) + Double(addend), sum, tolerance);
        // Of the sum as it was rounded: the norm divides by a deviation below one, and what was rounded away grows by it.
        var nothing = zeros(sum.shape, ScalarType.Float64);
        var expected = General.AddAndNormalize(exact, Double(sum), nothing, ScalarType.Float64, out _, out var none);
        Close(expected, actual, tolerance);

        var (upstream, into) = (randn(rows, width).to(output), randn(rows, width).to(type));
        var (exactInto, exactGain, exactBias) = (Double(into), zeros(width, ScalarType.Float64), zeros(width, ScalarType.Float64));
        var (gain, bias) = (zeros(width), zeros(width));
        var rounded = empty(into.shape, ScalarType.BFloat16);
        General.NormalizeBackward(exact, Double(sum), none, Double(upstream), exactInto, exactGain, exactBias, rounded: null);
        Cpu.NormalizeBackward(norm, sum, statistics, upstream, into, gain, isCentered ? bias : null, rounded);
        Close(exactInto, into, tolerance);
        Close(exactGain, gain, 1e-5);
        if (isCentered)
            Close(exactBias, bias, 1e-5);
        Assert.True(rounded.eq(into.to(ScalarType.BFloat16)).all().item<bool>());
    }

    public static TheoryData<Activation, ScalarType, long> Activations =>
        new MatrixTheoryData<Activation, ScalarType, long>(
            Enum.GetValues<Activation>(),
            [ScalarType.Float32, ScalarType.BFloat16],
            [1, 37, 300_001]
        );

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activations_plain_and_of_a_gate(Activation activation, ScalarType type, long count)
    {
        using var scope = NewDisposeScope();
        var tolerance = type == ScalarType.Float32 ? Exact : Rounded;
        var (x, up, gradient) = ((randn(count) * 4).to(type), randn(count).to(type), randn(count).to(type));
        Close(General.Activate(activation, Double(x)), Cpu.Activate(activation, x), tolerance);
        Close(
            General.ActivateBackward(activation, Double(x), Double(gradient)),
            Cpu.ActivateBackward(activation, x, gradient.clone()),
            tolerance
        );
        Close(General.Gate(activation, Double(x), Double(up)), Cpu.Gate(activation, x, up), tolerance);
        var (exactX, exactUp) = (Double(x), Double(up));
        var expected = General.GateBackward(activation, exactX, exactUp, Double(gradient));
        Close(expected, Cpu.GateBackward(activation, x, up, gradient), tolerance);
        Close(exactX, x, tolerance);
        Close(exactUp, up, tolerance);
    }

    [Fact]
    public void Far_from_zero_activations_are_what_they_approach()
    {
        using var scope = NewDisposeScope();
        foreach (var activation in Enum.GetValues<Activation>())
        {
            var x = tensor(new[] { -1e4f, -80, -12, 1e-40f, 12, 80, 1e4f });
            Close(General.Activate(activation, Double(x)), Cpu.Activate(activation, x), Exact);
            var slopes = General.ActivateBackward(activation, Double(x), ones(7, ScalarType.Float64));
            Close(slopes, Cpu.ActivateBackward(activation, x, ones(7)), Exact);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(200_003)]
    public void Optimizer_steps_with_a_copy_in_bfloat16(long count)
    {
        using var scope = NewDisposeScope();
        var constants = new AdamWConstants(1e-2, 0.9, 0.95, 1e-8, 0.1);
        var (values, copy) = (randn(count), empty(count, ScalarType.BFloat16));
        var actual = new AdamWBuffers(values, randn(count), randn(count), rand(count), copy, Updates: 3);
        var expected = new AdamWBuffers(
            Double(values),
            Double(actual.Gradients),
            Double(actual.FirstMoments),
            Double(actual.SecondMoments),
            null,
            Updates: 3
        );
        Close(General.Norm([expected.Gradients]), Cpu.Norm([actual.Gradients]), Exact, least: 0);
        var clip = tensor(0.25, ScalarType.Float64);
        General.AdamW([expected], constants, clip);
        Cpu.AdamW([actual], constants, clip);
        Close(expected.Values, actual.Values, Exact, least: 0);
        Close(expected.FirstMoments, actual.FirstMoments, Exact, least: 0);
        Close(expected.SecondMoments, actual.SecondMoments, Exact, least: 0);
        Assert.Equal(0, actual.Gradients.abs().max().item<float>());
        Assert.True(copy.eq(values.to(ScalarType.BFloat16)).all().item<bool>());
    }

    private static Tensor Double(Tensor tensor) => tensor.to(ScalarType.Float64, copy: true);

    private static void Close(Tensor expected, Tensor actual, double tolerance, double least = 1)
    {
        using var scope = NewDisposeScope();
        // What goes in is of about 1: where it cancels to almost nothing, or an activation is almost 0, no digit of the rest is right.
        var scale = Math.Max(Math.Max(least, 1e-30), expected.abs().max().item<double>());
        var difference = (expected - actual.to(ScalarType.Float64)).abs().max().item<double>();
        Assert.True(
            difference <= tolerance * scale,
            $"off by {difference / scale:0.0e+00} of the largest or of {least}, {tolerance:0.0e+00} are allowed"
        );
    }
}
