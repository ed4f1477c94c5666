using LowRank.Kernels;
using static LowRank.Runtime.Tests.Cuda.Rounded;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>Norms, both ways.</summary>
internal static class NormCases
{
    private const ScalarType F = ScalarType.Float32;
    private const ScalarType B = ScalarType.BFloat16;
    private const double Epsilon = 1e-5;

    private static readonly int[] Widths = [1, 3, 31, 33, 64, 255, 1000, 1025, 4096];

    public static IEnumerable<KernelCase> All()
    {
        ScalarType[] types = [F, B];
        // Every kind at every width, types in turn; then every mix of types at one width.
        foreach (var (index, width) in Widths.Index())
        {
            foreach (var kind in Enum.GetValues<NormKind>())
            {
                var turn = index + (int)kind;
                yield return Forward(kind, width, 5, [types[turn % 2], types[turn / 2 % 2], types[(turn + 1) % 2]], adds: turn % 3 > 0);
                yield return Backward(kind, width, 37, [types[turn % 2], types[turn / 2 % 2], types[(turn + 1) % 2], types[turn / 3 % 2]]);
            }
        }

        foreach (var first in types)
        {
            foreach (var second in types)
            {
                foreach (var third in types)
                {
                    yield return Forward(NormKind.Rms, 96, 9, [first, second, third], adds: true);
                    yield return Backward(NormKind.Centered, 96, 40, [first, second, third, third == F ? B : F]);
                }
            }
        }

        yield return Forward(NormKind.Rms, 1000, 3, [B, B, B], adds: true, extreme: true);
        yield return Forward(NormKind.Biased, 1000, 3, [F, F, F], adds: false, extreme: true);
        // One row; places that allow one element, two or four at once.
        yield return Forward(NormKind.Biased, 1024, 1, [B, B, B], adds: true);
        yield return Forward(NormKind.Rms, 256, 6, [F, B, B], adds: true, offset: 1);
        yield return Forward(NormKind.Biased, 256, 6, [B, B, B], adds: true, offset: 2);
        yield return Backward(NormKind.Biased, 1024, 1, [B, B, B, F]);
        yield return Backward(NormKind.Biased, 256, 33, [F, B, F, B], offset: 1);
        yield return Backward(NormKind.Rms, 512, 33, [B, B, B, B], offset: 4);
        // Rows that aren't kept.
        yield return Forward(NormKind.Biased, 16_500, 2, [F, B, B], adds: true);
        yield return Forward(NormKind.Rms, 16_504, 2, [B, B, B], adds: false);
        yield return Backward(NormKind.Biased, 8_200, 3, [B, B, F, B]);
        yield return Backward(NormKind.Rms, 8_201, 3, [F, F, F, F]);
        yield return ManyBlocks;
        // Frozen gains and biases.
        yield return Backward(NormKind.Biased, 96, 40, [F, B, F, B], gains: false);
        yield return Backward(NormKind.Biased, 96, 40, [F, B, F, B], biases: false);
        yield return Backward(NormKind.Biased, 300, 40, [F, F, F, F], gains: false, biases: false, rounds: false);
        yield return Backward(NormKind.Rms, 8_200, 2, [F, B, F, B], gains: false);
    }

    /// <summary>More blocks than warps add the columns of their sums.</summary>
    public static KernelCase ManyBlocks { get; } = Backward(NormKind.Biased, 31, 600, [F, F, F, B]) with { ThreadsAtOnce = 16_384 };

    /// <summary>Forward.</summary>
    /// <param name="kind">Which norm.</param>
    /// <param name="width">Elements of a row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="types">Of the stream, the addend and the output.</param>
    /// <param name="adds">Whether there is an addend.</param>
    /// <param name="extreme">Whether values are extreme.</param>
    /// <param name="offset">By how many elements tensors stand off.</param>
    public static KernelCase Forward(
        NormKind kind,
        int width,
        int rows,
        ScalarType[] types,
        bool adds,
        bool extreme = false,
        int offset = 0
    ) =>
        new(
            $"{kind} {(adds ? "of a sum " : "")}{rows}x{width} {string.Join(" ", types)}{(extreme ? " extreme" : "")} +{offset}",
            (operations, memory, looseness) =>
            {
                long[] shape = [rows, width];
                var values = extreme ? Draw.Extreme(rows * width, 1) : Draw.Normal(rows * width, 1);
                var x = memory.Of([.. values.Select(value => value + 0.5)], shape, types[0], offset);
                var addend = memory.Of(Draw.Normal(rows * width, 2), shape, types[1], offset);
                var norm = Norm(kind, width, memory, offset);
                var stream = GuardedMemory.Read(x);
                var before = (double[])stream.Clone();
                Tensor statistics;
                Tensor output;
                if (adds)
                {
                    var more = GuardedMemory.Read(addend);
                    for (var i = 0; i < stream.Length; i++)
                        stream[i] = To(types[0], (float)(stream[i] + more[i]));
                    output = operations.AddAndNormalize(norm, x, addend, types[2], out var sum, out statistics);
                    Assert.Equal(types[0], sum.dtype);
                    AssertNear("sum", stream, sum, 0);
                    AssertNear("stream", before, x, 0);
                }
                else
                    output = operations.Normalize(norm, x, types[2], out statistics);

                var expected = new double[stream.Length];
                var (gain, bias) = (GuardedMemory.Read(norm.Gain), norm.Bias is { } tensor ? GuardedMemory.Read(tensor) : null);
                for (var row = 0; row < rows; row++)
                {
                    var (mean, scale) = Statistics(kind, stream, row * width, width);
                    for (var i = 0; i < width; i++)
                        expected[row * width + i] = (stream[row * width + i] - mean) * scale * gain[i] + (bias?[i] ?? 0);
                }

                Assert.Equal(types[2], output.dtype);
                AssertNear("output", expected, output, looseness, extreme ? i => 3 : null);
                output.Dispose();
                statistics.Dispose();
            }
        );

    /// <summary>Backward.</summary>
    /// <param name="kind">Which norm.</param>
    /// <param name="width">Elements of a row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="types">Of x, the output's gradient, x's gradient and its rounded copy.</param>
    /// <param name="gains">Whether the gain's gradient is wanted.</param>
    /// <param name="biases">Whether the bias's gradient is wanted.</param>
    /// <param name="rounds">Whether the rounded copy is wanted.</param>
    /// <param name="offset">By how many elements tensors stand off.</param>
    public static KernelCase Backward(
        NormKind kind,
        int width,
        int rows,
        ScalarType[] types,
        bool gains = true,
        bool biases = true,
        bool rounds = true,
        int offset = 0
    ) =>
        new(
            $"{kind} backward {rows}x{width} {string.Join(" ", types)} {gains} {biases} {rounds} +{offset}",
            (operations, memory, looseness) =>
            {
                long[] shape = [rows, width];
                var x = memory.Of([.. Draw.Normal(rows * width, 1).Select(value => value + 0.5)], shape, types[0], offset);
                var upstream = memory.Of(Draw.Normal(rows * width, 2), shape, types[1], offset);
                var into = memory.Of(Draw.Normal(rows * width, 3), shape, types[2], offset);
                var rounded = rounds ? memory.Of(new double[rows * width], shape, types[3], offset) : null;
                var norm = Norm(kind, width, memory, offset);
                var gainGradient = gains ? memory.Of(Draw.Normal(width, 4), [width], F, offset) : null;
                var biasGradient = biases && kind == NormKind.Biased ? memory.Of(Draw.Normal(width, 5), [width], F, offset) : null;
                var (values, slopes, sums) = (GuardedMemory.Read(x), GuardedMemory.Read(upstream), GuardedMemory.Read(into));
                var gain = GuardedMemory.Read(norm.Gain);
                var ofGain = gains ? GuardedMemory.Read(gainGradient!) : new double[width];
                var ofBias = biasGradient is null ? new double[width] : GuardedMemory.Read(biasGradient);

                operations.Normalize(norm, x, types[1], out var statistics).Dispose();
                operations.NormalizeBackward(norm, x, statistics, upstream, into, gainGradient, biasGradient, rounded);
                for (var start = 0; start < values.Length; start += width)
                {
                    var (mean, scale) = Statistics(kind, values, start, width);
                    double[] normal = [.. Enumerable.Range(start, width).Select(i => (values[i] - mean) * scale)];
                    double[] scaled = [.. Enumerable.Range(0, width).Select(i => slopes[start + i] * gain[i])];
                    var shift = kind == NormKind.Rms ? 0 : scaled.Average();
                    var pull = Enumerable.Range(0, width).Average(i => scaled[i] * normal[i]);
                    for (var i = 0; i < width; i++)
                    {
                        sums[start + i] += scale * (scaled[i] - shift - normal[i] * pull);
                        ofGain[i] += slopes[start + i] * normal[i];
                        ofBias[i] += slopes[start + i];
                    }
                }

                AssertNear("into", sums, into, looseness);
                if (rounded is not null)
                {
                    double[] again = [.. GuardedMemory.Read(into).Select(value => To(types[3], value))];
                    AssertNear("rounded", again, rounded, 0);
                }

                if (gainGradient is not null)
                    AssertNear("gain", ofGain, gainGradient, looseness);
                if (biasGradient is not null)
                    AssertNear("bias", ofBias, biasGradient, looseness);
                statistics.Dispose();
            }
        );

    private static NormParameters Norm(NormKind kind, int width, GuardedMemory memory, int offset)
    {
        var gain = memory.Of(Draw.Gains(width, 7), [width], F, offset);
        var bias = kind == NormKind.Biased ? memory.Of(Draw.Normal(width, 8, 0.1), [width], F, offset) : null;
        return new NormParameters(gain, bias, Epsilon, kind != NormKind.Rms);
    }

    private static (double Mean, double Scale) Statistics(NormKind kind, double[] values, int start, int width)
    {
        var row = values.AsSpan(start, width);
        var (mean, squares) = (0.0, 0.0);
        if (kind != NormKind.Rms)
        {
            foreach (var value in row)
                mean += value / width;
        }

        foreach (var value in row)
            squares += (value - mean) * (value - mean) / width;
        return (mean, 1 / Math.Sqrt(squares + Epsilon));
    }
}
