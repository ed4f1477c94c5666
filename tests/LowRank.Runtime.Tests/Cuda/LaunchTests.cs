using System.Runtime.InteropServices;
using LowRank.Cuda;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>What reaches the driver, over a library in its place.</summary>
public sealed unsafe class LaunchTests
{
    private const nint FirstContext = 0x1000 + 100;

    private static readonly KernelVariant Kernel = new("Norm", "forward", "WIDTH=64 TYPE=float");
    private static readonly KernelGrid Grid = new(7, 256);

    public static TheoryData<long, int> WrongGrids =>
        new()
        {
            { -1, 32 },
            { 1, 0 },
            { 1, -32 },
            { 1, 48 },
            { 1, 1056 },
        };

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Grid_stream_and_arguments_reach_the_driver()
    {
        using var fake = new FakeCuda();
        fake.Signature("forward", "ppfpf");
        fake.SetStream(0x7777);
        var number = 5;
        Assert.True(fake.Launcher().Launch(Kernel, Grid, &number, -2L, 1.5f, long.MaxValue, -0f));

        var launch = Assert.Single(fake.Launches());
        Assert.Equal("forward", launch.Name);
        Assert.Equal((7u, 1u, 1u), (launch.Grid[0], launch.Grid[1], launch.Grid[2]));
        Assert.Equal((256u, 1u, 1u), (launch.Block[0], launch.Block[1], launch.Block[2]));
        Assert.Equal(0u, launch.Shared);
        Assert.Equal(0x7777, launch.Stream);
        Assert.Equal(FirstContext, launch.Context);
        Assert.Equal(5, launch.Count);
        Assert.Equal((ulong)&number, launch.Arguments[0]);
        Assert.Equal(-2L, (long)launch.Arguments[1]);
        Assert.Equal(1.5f, BitConverter.UInt32BitsToSingle((uint)launch.Arguments[2]));
        Assert.Equal(long.MaxValue, (long)launch.Arguments[3]);
        Assert.Equal(0x80000000, launch.Arguments[4]);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_kernel_without_arguments_is_started()
    {
        using var fake = new FakeCuda();
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        Assert.Equal(0, Assert.Single(fake.Launches()).Count);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void The_context_of_the_device_is_current_for_the_launch_and_the_one_before_it_afterwards()
    {
        using var fake = new FakeCuda();
        var second = fake.Launcher(1);
        foreach (nint before in new[] { 0, FirstContext, FirstContext + 1 })
        {
            fake.CurrentContext = before;
            Assert.True(second.Launch(Kernel, Grid));
            Assert.Equal(before, fake.CurrentContext);
        }

        Assert.All(fake.Launches(), launch => Assert.Equal(FirstContext + 1, launch.Context));
        Assert.All(fake.Launches(), launch => Assert.Equal(0x9001, launch.Stream));
        Assert.Equal(1, fake.Calls("cuDevicePrimaryCtxRetain"));
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Threads_compile_a_kernel_once_and_start_it_on_their_own_streams()
    {
        using var fake = new FakeCuda();
        var launcher = fake.Launcher();
        using var ready = new Barrier(8);
        var threads = Enumerable
            .Range(1, 8)
            .Select(number => new Thread(() =>
            {
                fake.SetStream(number);
                ready.SignalAndWait();
                for (var repetition = 0; repetition < 10; repetition++)
                    launcher.Launch(Kernel, Grid);
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(1, fake.Calls("nvrtcCompileProgram"));
        Assert.Equal(1, fake.Calls("cuModuleLoadDataEx"));
        Assert.Equal(
            Enumerable.Range(1, 8).Select(number => ((nint)number, 10)),
            fake.Launches().CountBy(launch => launch.Stream).Select(pair => (pair.Key, pair.Value)).Order()
        );
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Kernels_of_one_text_are_compiled_together()
    {
        using var fake = new FakeCuda();
        var launcher = fake.Launcher();
        Assert.True(launcher.Launch(Kernel, Grid));
        Assert.True(launcher.Launch(Kernel with { Name = "backward" }, Grid));
        Assert.Equal(1, fake.Calls("nvrtcCompileProgram"));
        Assert.True(launcher.Launch(Kernel with { Constants = "WIDTH=128 TYPE=float" }, Grid));
        Assert.Equal(2, fake.Calls("nvrtcCompileProgram"));
        Assert.Equal(["forward", "backward", "forward"], fake.Launches().Select(launch => launch.Name));
        // Nothing is kept of a program that has been compiled.
        Assert.Equal(2, fake.Calls("nvrtcDestroyProgram"));
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Kernels_are_compiled_for_the_very_card()
    {
        using var fake = new FakeCuda();
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        Assert.Equal(["Norm.cu: --gpu-architecture=sm_90 --std=c++17 --fmad=true", "module: cubin"], fake.Texts());
    }

    [Theory(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    [InlineData(12, 0, "compute_90")]
    [InlineData(8, 6, "compute_80")]
    public void For_a_card_that_the_compiler_does_not_know_the_driver_compiles(int major, int minor, string architecture)
    {
        using var fake = new FakeCuda();
        fake.Set("major", major);
        fake.Set("minor", minor);
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        Assert.Equal(
            [
                $"Norm.cu: --gpu-architecture={architecture} --std=c++17 --fmad=true",
                $"module: .version 8.4 {Kernel.Constants}\n__global__\n",
            ],
            fake.Texts()
        );
    }

    [Theory(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    [MemberData(nameof(WrongGrids))]
    public void A_grid_that_cannot_be_meant_is_refused(long blocks, int threads)
    {
        using var fake = new FakeCuda();
        var launcher = fake.Launcher();
        Assert.Throws<ArgumentOutOfRangeException>(() => launcher.Launch(Kernel, new KernelGrid(blocks, threads)));
        Assert.Empty(fake.Launches());
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_grid_that_the_card_cannot_run_is_left_to_the_caller()
    {
        using var fake = new FakeCuda();
        fake.Set("threads", 512);
        var launcher = fake.Launcher();
        Assert.False(launcher.Launch(Kernel, new KernelGrid(1L << 31, 256)));
        Assert.False(launcher.Launch(Kernel, new KernelGrid(1L << 32, 256)));
        Assert.False(launcher.Launch(Kernel, new KernelGrid(1, 1024)));
        Assert.Equal(
            "cuda:0: the CUDA kernel forward of Norm.cu (WIDTH=64 TYPE=float) can't run 2147483648 blocks of 256 threads (at most 2147483647 "
                + "of 512); libtorch's operations take their place. LOWRANK_CUDA_KERNELS=0 switches the kernels off.",
            Assert.Single(fake.Told)
        );
        Assert.True(launcher.Launch(Kernel, new KernelGrid(int.MaxValue, 512)));
        var launch = Assert.Single(fake.Launches());
        Assert.Equal(int.MaxValue, (long)launch.Grid[0]);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Nothing_to_do_is_done()
    {
        using var fake = new FakeCuda();
        Assert.True(fake.Launcher().Launch(Kernel, new KernelGrid(0, 256)));
        Assert.Empty(fake.Launches());
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_failed_launch_is_an_error_that_says_what_is_at_stake()
    {
        using var fake = new FakeCuda();
        var launcher = fake.Launcher();
        fake.Fail("cuLaunchKernel", 700);
        var error = Assert.ThrowsAny<ExternalException>(() => launcher.Launch(Kernel, Grid));
        Assert.Equal(700, error.ErrorCode);
        Assert.Equal(
            "The kernel forward (WIDTH=64 TYPE=float), 7 blocks of 256 threads, could not be started on cuda:0 (Fake GPU 0): cuLaunchKernel "
                + "failed: CUDA_ERROR_ILLEGAL_ADDRESS, an illegal memory access was encountered. An earlier operation may have failed, too; "
                + "what the device holds may be lost.",
            error.Message
        );
        Assert.Empty(fake.Told);
        Assert.Equal(0, fake.CurrentContext);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_stream_that_libtorch_does_not_give_is_an_error()
    {
        using var fake = new FakeCuda();
        var launcher = fake.Launcher();
        fake.Fail("aoti_torch_get_current_cuda_stream", 1);
        var error = Assert.ThrowsAny<ExternalException>(() => launcher.Launch(Kernel, Grid));
        Assert.Contains("aoti_torch_get_current_cuda_stream failed for cuda:0", error.Message, StringComparison.Ordinal);
        Assert.Empty(fake.Launches());
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_result_without_a_name_is_told_by_its_number()
    {
        using var fake = new FakeCuda();
        var launcher = fake.Launcher();
        fake.Fail("cuLaunchKernel", 999);
        var error = Assert.ThrowsAny<ExternalException>(() => launcher.Launch(Kernel, Grid));
        Assert.Contains("cuLaunchKernel failed: error 999.", error.Message, StringComparison.Ordinal);
    }
}
