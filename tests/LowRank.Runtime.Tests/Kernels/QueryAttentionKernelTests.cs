using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Kernels;

/// <summary>Attention of one query, held against the formula in double precision.</summary>
public sealed unsafe class QueryAttentionKernelTests
{
    [Theory]
    [InlineData(1, 64, 1)]
    [InlineData(5, 6, 3)]
    [InlineData(17, 16, 2)]
    [InlineData(130, 80, 1)]
    [InlineData(63, 100, 4)]
    [InlineData(63, 100, 4, 30)]
    [InlineData(5, 6, 3, 2)]
    public void It_is_the_softmax_of_the_scores_times_the_values(int count, int size, int heads, float cap = 0)
    {
        Check<Float32Element>(count, size, size, heads, ScalarType.Float32, cap);
        Check<BFloat16Element>(count, size, size, heads, ScalarType.BFloat16, cap);
        // Values that are shorter than keys, as the latents in a row of latent attention are.
        Check<Float32Element>(count, size, (size + 1) / 2, heads, ScalarType.Float32, cap);
        Check<BFloat16Element>(count, size, (size + 1) / 2, heads, ScalarType.BFloat16, cap);
    }

    private static void Check<T>(int count, int size, int valueSize, int heads, ScalarType type, float cap)
        where T : IElement
    {
        using var scope = NewDisposeScope();
        // Large scores: without the shift the exponentials would overflow.
        var query = randn(size) * 40;
        var (keys, values) = (randn(count, heads, size).to(type), randn(count, heads, size).to(type));
        var (scores, output) = (empty(count), empty(valueSize));
        var head = heads - 1;
        var offset = head * size * T.Size;
        QueryAttentionKernel.Attend<T>(
            (float*)TensorMemory.Address(query),
            TensorMemory.Address(keys) + offset,
            TensorMemory.Address(values) + offset,
            heads * size,
            count,
            size,
            valueSize,
            0.25f,
            cap,
            (float*)TensorMemory.Address(scores),
            (float*)TensorMemory.Address(output)
        );
        var exact = keys.to(ScalarType.Float64).select(1, head).mv(query.to(ScalarType.Float64)) * 0.25;
        if (cap > 0)
            exact = (exact / cap).tanh() * cap;
        var expected = values.to(ScalarType.Float64).select(1, head).narrow(1, 0, valueSize).t().mv(exact.softmax(0));
        Assert.True(allclose(expected, output.to(ScalarType.Float64), 1e-4, 1e-4));
    }
}
