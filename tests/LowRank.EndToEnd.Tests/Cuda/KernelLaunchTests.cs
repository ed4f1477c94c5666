using LowRank.Cuda;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Cuda;

/// <summary>Kernels are compiled, loaded and started on a GPU, between libtorch's own.</summary>
public sealed unsafe class KernelLaunchTests
{
    private const string Text = """
        extern "C" __global__ void add(float* x, float addend, long long count)
        {
            const long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x;
            if (i < count)
                x[i] += addend;
        }
        """;

    private const int Count = 1 << 20;

    private static readonly KernelVariant Kernel = new("Add", "add", "");

    [Theory(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    [InlineData(false)]
    [InlineData(true)]
    public void Kernels_and_libtorchs_operations_follow_each_other(bool onAThreadOfItsOwn)
    {
        var folder = Directory.CreateTempSubdirectory("lowrank-kernels-");
        try
        {
            using var x = zeros(Count, device: Gpu.Name);
            var answer = new CudaMachine(
                new CudaSurroundings
                {
                    Variable = name => name == KernelCache.Variable ? folder.FullName : Environment.GetEnvironmentVariable(name),
                    Text = _ => Text,
                }
            ).Launcher(0);
            Assert.Null(answer.WhyNot);
            if (onAThreadOfItsOwn)
            {
                // No context is current there.
                var other = new Thread(() => AddAndDouble(answer.Value!, x));
                other.Start();
                other.Join();
            }
            else
                AddAndDouble(answer.Value!, x);

            using var expected = full(Count, 2 * (1 << 10) - 2f, device: Gpu.Name);
            Assert.True(x.allclose(expected, rtol: 0, atol: 0));
            Assert.Single(folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    public void The_device_is_described()
    {
        var device = CudaDevices.Of(0)!;
        Assert.NotEmpty(device.Name);
        Assert.True(device.ComputeCapability >= new CudaVersion(3, 0));
        Assert.True(device.Multiprocessors > 0);
        var memory = device.Memory();
        Assert.InRange(memory.Free, 0, memory.Total);
    }

    // Ten times x ← 2·(x + 1).
    private static void AddAndDouble(KernelLauncher launcher, Tensor x)
    {
        using var storage = x.storage<float>();
        using var two = 2.ToScalar();
        for (var repetition = 0; repetition < 10; repetition++)
        {
            Assert.True(launcher.Launch(Kernel, new KernelGrid(Count / 256, 256), (void*)storage.data_ptr(), 1f, (long)Count));
            using var doubled = x.mul_(two);
        }
    }
}
