using LowRank.Cuda;
using LowRank.Tests.Emulation;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>What the emulation forbids, as a GPU does.</summary>
public sealed unsafe class EmulationTests
{
    private const string SkipReason = CppCompiler.Missing;

    [Theory(Skip = SkipReason, SkipUnless = nameof(CppCompiler.IsThere), SkipType = typeof(CppCompiler))]
    [InlineData("if (threadIdx.x < 40) __syncthreads();", "40 at a block's barrier, 0 at a warp's, 0 at a shuffle, 24 have ended")]
    [InlineData("if (threadIdx.x > 0) __syncwarp();", "31 at a warp's")]
    [InlineData("if (threadIdx.x % 2) __syncwarp(); else __syncthreads();", "32 at a block's barrier, 32 at a warp's")]
    [InlineData("if (threadIdx.x != 3) x[0] = __shfl_xor_sync(0xffffffffu, 1.0f, 1);", "31 at a shuffle, 33 have ended")]
    [InlineData("x[0] = __shfl_xor_sync(0xffffu, 1.0f, 1);", "a shuffle among a part of a warp")]
    [InlineData("*(Four*)(x + 1) = Four();", "an access at an address that is no multiple of its size")]
    [InlineData("float y[2] = {0}; y[threadIdx.x] = 1; x[0] = y[1];", "an index beyond an array")]
    public void A_mistake_is_told(string statement, string message)
    {
        var memory = stackalloc float[64];
        var exception = Assert.Throws<EmulationException>(() => Run(statement, 1, ThreadOrder.Ascending, memory));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory(Skip = SkipReason, SkipUnless = nameof(CppCompiler.IsThere), SkipType = typeof(CppCompiler))]
    [InlineData(0, 63f, 7f)]
    [InlineData(3, 0f, 4f)]
    public void Orders_and_shuffles_are_as_asked_for(int order, float lastThread, float lastBlocks)
    {
        var memory = stackalloc float[64];
        const string Statement = """
            __shared__ float shared[64];
            if (shared[threadIdx.x] == shared[threadIdx.x]) return;
            shared[threadIdx.x] = threadIdx.x;
            __syncthreads();
            float other = __shfl_xor_sync(0xffffffffu, shared[63 - threadIdx.x], 4);
            x[2 + threadIdx.x % 32] = other;
            if (blockIdx.x == 0) x[0] = threadIdx.x;
            x[1] = blockIdx.x + gridDim.x;
            """;
        Run(Statement, 4, (ThreadOrder)order, memory);
        Assert.Equal(lastThread, memory[0]);
        Assert.Equal(lastBlocks, memory[1]);
        // Whichever warp was last: 63 − (thread ^ 4).
        Assert.Equal(order == 0 ? 63 - 36 : 63 - 4, memory[2]);
    }

    private static void Run(string statement, long blocks, ThreadOrder order, float* memory)
    {
        var text = $$"""
            struct __align__(16) Four { float x[4]; };
            extern "C" __global__ void kernel(float* x)
            {
            {{statement}}
            }
            """;
        new EmulatedLauncher(order, _ => text).Launch(new KernelVariant("Test", "kernel", ""), new KernelGrid(blocks, 64), memory);
    }
}
