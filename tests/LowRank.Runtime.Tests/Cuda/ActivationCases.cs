using LowRank.Kernels;
using static LowRank.Runtime.Tests.Cuda.Rounded;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>Activations and gated units, both ways.</summary>
internal static class ActivationCases
{
    private const ScalarType F = ScalarType.Float32;
    private const ScalarType B = ScalarType.BFloat16;

    public static IEnumerable<KernelCase> All()
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            foreach (var type in new[] { F, B })
            {
                yield return Plain(activation, type, 4097);
                yield return Gated(activation, type, 7, 96, isJoined: true);
            }
        }

        yield return Plain(Activation.Gelu, B, 1);
        yield return Plain(Activation.Silu, F, 1001, offset: 1);
        yield return Gated(Activation.Silu, B, 3, 31, isJoined: true);
        yield return Gated(Activation.Silu, B, 300, 33, isJoined: false);
        yield return Gated(Activation.GeluTanh, F, 1, 1000, isJoined: true, offset: 2);
        yield return Gated(Activation.Silu, B, 5, 1, isJoined: false);
    }

    public static KernelCase Plain(Activation activation, ScalarType type, int count, int offset = 0) =>
        new(
            $"{activation} {type} {count} +{offset}",
            (operations, memory, looseness) =>
            {
                var x = memory.Of(Draw.Extreme(count, 1), [count], type, offset);
                var gradient = memory.Of(Draw.Normal(count, 2), [count], type, offset);
                var (values, slopes) = (GuardedMemory.Read(x), GuardedMemory.Read(gradient));
                double Size(int i) => Math.Min(10, Math.Abs(values[i]));
                using var output = operations.Activate(activation, x);
                AssertNear("output", [.. values.Select(value => Value(activation, value))], output, looseness, Size);
                using var result = operations.ActivateBackward(activation, x, gradient);
                double[] expected = [.. values.Zip(slopes, (value, slope) => slope * Slope(activation, value))];
                AssertNear("gradient", expected, result, looseness, i => Math.Abs(slopes[i]) * (1 + Size(i)));
            }
        );

    public static KernelCase Gated(Activation activation, ScalarType type, int rows, int width, bool isJoined, int offset = 0) =>
        new(
            $"{activation} gate {type} {rows}x{width} {(isJoined ? "joined" : "apart")} +{offset}",
            (operations, memory, looseness) =>
            {
                var both = memory.Of(
                    Draw.Extreme(2 * rows * width, 1, 100),
                    isJoined ? [rows, 2 * width] : [2 * rows, width],
                    type,
                    offset
                );
                var gate = both.narrow(isJoined ? 1 : 0, 0, isJoined ? width : rows);
                var up = both.narrow(isJoined ? 1 : 0, isJoined ? width : rows, isJoined ? width : rows);
                var gradient = memory.Of(Draw.Normal(rows * width, 2), [rows, width], type, offset);
                var (gates, ups, slopes) = (Contiguous(gate), Contiguous(up), GuardedMemory.Read(gradient));
                double[] output = [.. gates.Zip(ups, (x, linear) => Value(activation, x) * linear)];
                double Size(int i) => (1 + Math.Min(10, Math.Abs(gates[i]))) * Math.Abs(ups[i]);

                using var product = operations.Gate(activation, gate, up);
                AssertNear("product", output, product, looseness, Size);
                using var again = operations.GateBackward(activation, gate, up, gradient);
                AssertNear("output", output, again, looseness, Size);
                double[] expected = [.. output.Select((_, i) => slopes[i] * ups[i] * Slope(activation, gates[i]))];
                using var gateGradient = gate.contiguous();
                AssertNear("gate", expected, gateGradient, looseness, i => Math.Abs(slopes[i]) * Size(i));
                expected = [.. output.Select((_, i) => slopes[i] * Value(activation, gates[i]))];
                using var upGradient = up.contiguous();
                AssertNear("up", expected, upGradient, looseness, i => Math.Abs(slopes[i]) * (1 + Math.Min(10, Math.Abs(gates[i]))));
            }
        );

    private static double[] Contiguous(Tensor tensor)
    {
        using var copy = tensor.contiguous();
        return GuardedMemory.Read(copy);
    }

    private static double Value(Activation activation, double x) =>
        activation switch
        {
            Activation.Silu => x * Logistic(x),
            Activation.Gelu => x * (1 + Erf(x / Math.Sqrt(2))) / 2,
            Activation.GeluTanh => x * Logistic(2 * Tilt(x)),
            Activation.Relu => Math.Max(0, x),
            _ => Math.Max(0, x) * Math.Max(0, x),
        };

    private static double Slope(Activation activation, double x)
    {
        switch (activation)
        {
            case Activation.Silu:
                return Logistic(x) * (1 + x * Logistic(-x));
            case Activation.Gelu:
                return (1 + Erf(x / Math.Sqrt(2))) / 2 + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
            case Activation.GeluTanh:
                var tilt = 2 * Tilt(x);
                return Logistic(tilt) * (1 + x * Logistic(-tilt) * 2 * Math.Sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x));
            case Activation.Relu:
                return x > 0 ? 1 : 0;
            default:
                return 2 * Math.Max(0, x);
        }
    }

    private static double Tilt(double x) => Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    // Its series; far out its continued fraction.
    private static double Erf(double x)
    {
        var size = Math.Abs(x);
        if (size > 6)
            return Math.Sign(x);
        if (size > 3)
        {
            var fraction = 0.0;
            for (var k = 60; k > 0; k--)
                fraction = k / 2.0 / (size + fraction);
            return Math.Sign(x) * (1 - Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (size + fraction));
        }

        var (term, sum) = (x, x);
        for (var k = 1; k < 80; k++)
        {
            term *= -x * x / k;
            sum += term / (2 * k + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
