using LowRank.Kernels;
using static LowRank.Runtime.Tests.Cuda.Rounded;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>Rotation, loss, sums and the optimizer's step.</summary>
internal static class OtherCases
{
    private const ScalarType F = ScalarType.Float32;
    private const ScalarType B = ScalarType.BFloat16;

    public static IEnumerable<KernelCase> All()
    {
        yield return Rotation(B, heads: 12, turned: 8, headSize: 64, size: 64, first: 0, sign: 1);
        yield return Rotation(B, heads: 12, turned: 8, headSize: 64, size: 64, first: 5, sign: -1);
        yield return Rotation(F, heads: 3, turned: 3, headSize: 80, size: 48, first: 2, sign: 1);
        yield return Rotation(B, heads: 7, turned: 5, headSize: 24, size: 8, first: 1, sign: 1);
        yield return Rotation(F, heads: 2, turned: 1, headSize: 7, size: 6, first: 3, sign: -1);
        yield return Rotation(B, heads: 4, turned: 2, headSize: 32, size: 32, first: 1, sign: 1, offset: 1);

        foreach (var type in new[] { F, B })
        {
            foreach (var vocabulary in new[] { 1, 3, 31, 33, 255, 1000, 1025, 4099, 8192 })
                yield return Loss(type, vocabulary, 3, scale: 0.25);
            yield return Loss(type, 33, 70, scale: null);
            yield return Loss(type, 1000, 4, scale: null);
            yield return Loss(type, 257, 1, scale: 1);
            yield return Loss(type, 256, 5, scale: 0.5, offset: 1);
            yield return Loss(type, 515, 5, scale: 0.5, isExtreme: true);
            yield return Loss(type, 259, 5, scale: 0.5, ignoredEvery: 2);
        }

        yield return AdamW(1003, copies: true, updates: 1);
        yield return AdamW(2048, copies: false, updates: 3);
        yield return AdamW(300, copies: true, updates: 2, offset: 1);
        yield return AdamW(1, copies: true, updates: 7);

        yield return Norm((F, 70_001), (B, 1000), (F, 0), (B, 1));
        yield return Norm((F, 3));
        yield return Norm((B, 40_000), (F, 100));

        foreach (var sum in new[] { F, B })
        {
            foreach (var addend in new[] { F, B })
                yield return Addition(sum, addend, 1027, offset: 0);
        }

        yield return Addition(F, B, 256, offset: 1);
        yield return NotANumber();
        yield return Blend(F, 1000, copies: false);
        yield return Blend(F, 33, copies: true);
        yield return Blend(B, 1025, copies: true);
        yield return Blend(B, 3, copies: false);
    }

    public static KernelCase Rotation(
        ScalarType type,
        int heads,
        int turned,
        int headSize,
        int size,
        int first,
        int sign,
        int offset = 0
    ) =>
        new(
            $"rotation {type} {turned} of {heads} heads of {headSize}, {size} entries, from {first}, {sign} +{offset}",
            (operations, memory, looseness) =>
            {
                const int Batch = 2;
                const int Sequence = 11;
                var (half, context) = (size / 2, Sequence + first + 1);
                var x = memory.Of(Draw.Normal(Batch * Sequence * heads * headSize, 1), [Batch, Sequence, heads, headSize], type, offset);
                var angles = Draw.Normal(context * half, 2);
                var cosine = memory.Of([.. angles.Select(Math.Cos)], [context, half], F, offset);
                var sine = memory.Of([.. angles.Select(Math.Sin)], [context, half], F, offset);
                var (expected, cos, sin) = (GuardedMemory.Read(x), GuardedMemory.Read(cosine), GuardedMemory.Read(sine));
                for (var token = 0; token < Batch * Sequence; token++)
                {
                    for (var place = 0; place < turned * half; place++)
                    {
                        var low = (token * heads + place / half) * headSize + place % half;
                        var angle = (token % Sequence + first) * half + place % half;
                        var (a, b) = (expected[low], expected[low + half]);
                        expected[low] = a * cos[angle] - b * sin[angle] * sign;
                        expected[low + half] = b * cos[angle] + a * sin[angle] * sign;
                    }
                }

                operations.Rotate(x, new RotaryAngles(cosine, sine), first, turned, sign);
                AssertNear("heads", expected, x, looseness);
            }
        );

    public static KernelCase Loss(
        ScalarType type,
        int vocabulary,
        int rows,
        double? scale,
        int offset = 0,
        bool isExtreme = false,
        int ignoredEvery = 0
    ) =>
        new(
            $"loss {type} {rows}x{vocabulary} {scale}{(isExtreme ? " extreme" : "")}{(ignoredEvery > 0 ? " ignored" : "")} +{offset}",
            (operations, memory, looseness) =>
            {
                var values = isExtreme ? Draw.Extreme(rows * vocabulary, 1) : Draw.Normal(rows * vocabulary, 1, 3);
                if (isExtreme)
                {
                    // Masks, also where a thread begins.
                    for (var i = 0; i < values.Length; i += 3)
                        values[i] = double.NegativeInfinity;
                    for (var i = 0; i < vocabulary - 3; i++)
                        values[vocabulary + i] = double.NegativeInfinity;
                }

                long[] targets = [.. Enumerable.Range(0, rows).Select(row => (long)(vocabulary - 1 - row * 7 % vocabulary))];
                if (isExtreme)
                    targets =
                    [
                        .. targets.Select(
                            (_, row) => (long)Array.FindLastIndex(values, (row + 1) * vocabulary - 1, double.IsFinite) - row * vocabulary
                        ),
                    ];
                for (var row = 1; ignoredEvery > 0 && row < rows; row += ignoredEvery)
                {
                    targets[row] = IFusedOperations.IgnoredTarget;
                    values[row * vocabulary] = double.NaN;
                }

                var logits = memory.Of(values, [rows, vocabulary], type, offset);
                var total = memory.Of([0.5], [1], ScalarType.Float64);
                var wanted = memory.Of([.. targets.Select(target => (double)target)], [rows, 1], ScalarType.Int64);
                var z = GuardedMemory.Read(logits);
                var expected = (double[])z.Clone();
                var sum = 0.5;
                for (var row = 0; row < rows; row++)
                {
                    var range = Enumerable.Range(row * vocabulary, vocabulary);
                    if (targets[row] == IFusedOperations.IgnoredTarget)
                    {
                        foreach (var i in range)
                            expected[i] = scale is null ? z[i] : 0;
                        continue;
                    }

                    var largest = range.Max(i => z[i]);
                    var exponentials = range.Sum(i => Math.Exp(z[i] - largest));
                    var target = row * vocabulary + (int)targets[row];
                    sum += largest + Math.Log(exponentials) - z[target];
                    if (scale is not { } factor)
                        continue;
                    foreach (var i in range)
                        expected[i] = factor * (Math.Exp(z[i] - largest) / exponentials - (i == target ? 1 : 0));
                }

                operations.CrossEntropy(logits, wanted, total, scale, LogitForm.Plain);
                AssertNear("total", [sum], total, looseness);
                AssertNear("logits", expected, logits, looseness, isExtreme ? _ => 1e-3 : null);
            }
        );

    public static KernelCase AdamW(int count, bool copies, long updates, int offset = 0) =>
        new(
            $"AdamW {count} {copies} {updates} +{offset}",
            (operations, memory, looseness) =>
            {
                var constants = new AdamWConstants(0.01, 0.9, 0.95, 1e-8, 0.1);
                var values = memory.Of(Draw.Normal(count, 1), [count], F, offset);
                var gradients = memory.Of(Draw.Extreme(count, 2), [count], F, offset);
                var first = memory.Of(Draw.Normal(count, 3), [count], F, offset);
                // Where both are 0, epsilon is all of the denominator.
                var second = memory.Of([.. Draw.Normal(count, 4).Select((value, i) => i % 5 > 0 ? value * value : 0)], [count], F, offset);
                var copy = copies ? memory.Of(new double[count], [count], B, offset) : null;
                var clip = memory.Of([0.375], [], ScalarType.Float64);
                var (v, g) = (GuardedMemory.Read(values), GuardedMemory.Read(gradients));
                var (m, s) = (GuardedMemory.Read(first), GuardedMemory.Read(second));
                operations.AdamW([new(values, gradients, first, second, copy, updates)], constants, clip);
                for (var i = 0; i < count; i++)
                {
                    var slope = g[i] * 0.375;
                    m[i] = 0.9 * m[i] + 0.1 * slope;
                    s[i] = 0.95 * s[i] + 0.05 * slope * slope;
                    var step = m[i] / (1 - Math.Pow(0.9, updates)) / (Math.Sqrt(s[i] / (1 - Math.Pow(0.95, updates))) + 1e-8);
                    v[i] = v[i] * (1 - 0.01 * 0.1) - 0.01 * step;
                }

                AssertNear("values", v, values, looseness, _ => 0.1);
                AssertNear("first", m, first, looseness, _ => 1);
                AssertNear("second", s, second, looseness, _ => 0);
                AssertNear("gradients", new double[count], gradients, 0);
                if (copy is not null)
                    AssertNear("copy", [.. GuardedMemory.Read(values).Select(value => To(B, value))], copy, 0);
            }
        );

    public static KernelCase Norm(params (ScalarType Type, int Count)[] sizes) =>
        new(
            $"norm {string.Join(", ", sizes)}",
            (operations, memory, looseness) =>
            {
                Tensor[] tensors =
                [
                    .. sizes.Select(size => memory.Of(Draw.Extreme(size.Count, size.Count, 12_345.678), [size.Count], size.Type)),
                ];
                var expected = Math.Sqrt(tensors.SelectMany(GuardedMemory.Read).Sum(value => value * value));
                using var norm = operations.Norm(tensors);
                Assert.Equal(ScalarType.Float64, norm.dtype);
                Assert.Empty(norm.shape);
                // Sums in double precision; libtorch's are in single.
                AssertNear("norm", [expected], norm, looseness == 1 ? 1e-5 : 1000);
            }
        );

    public static KernelCase Addition(ScalarType sum, ScalarType addend, int count, int offset) =>
        new(
            $"{sum} += {addend} {count} +{offset}",
            (operations, memory, looseness) =>
            {
                var x = memory.Of(Draw.Extreme(count, 1), [count], sum, offset);
                var y = memory.Of(Draw.Extreme(count, 2), [count], addend, offset);
                double[] expected = [.. GuardedMemory.Read(x).Zip(GuardedMemory.Read(y), (a, b) => To(sum, (float)(a + b)))];
                operations.Add(x, y);
                AssertNear("sum", expected, x, 0);
            }
        );

    /// <summary>Rounding carries no NaN away, whatever its bits.</summary>
    public static KernelCase NotANumber() =>
        new(
            "NaN",
            (operations, memory, looseness) =>
            {
                var sum = memory.Of([1, 1, 1], [3], B);
                var addend = memory.Of(
                    [double.NaN, BitConverter.Int64BitsToDouble(long.MaxValue), BitConverter.Int64BitsToDouble(-1)],
                    [3],
                    F
                );
                operations.Add(sum, addend);
                Assert.All(GuardedMemory.Read(sum), value => Assert.True(double.IsNaN(value)));
            }
        );

    public static KernelCase Blend(ScalarType product, int count, bool copies) =>
        new(
            $"blend {product} {count} {copies}",
            (operations, memory, looseness) =>
            {
                var effective = memory.Of(new double[count], [count], F);
                var guide = memory.Of(Draw.Extreme(count, 1), [count], F);
                var factors = memory.Of(Draw.Normal(count, 2), [count], product);
                var copy = copies ? memory.Of(new double[count], [count], B) : null;
                double[] expected = [.. GuardedMemory.Read(guide).Zip(GuardedMemory.Read(factors), (w, p) => 0.3 * w + p)];
                operations.Blend(effective, guide, 0.3, factors, copy);
                AssertNear("effective", expected, effective, looseness, _ => 1);
                if (copy is not null)
                    AssertNear("copy", [.. GuardedMemory.Read(effective).Select(value => To(B, value))], copy, 0);
            }
        );
}
