using LowRank.Cuda;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>What is missing, or doesn't work, is told once, and the caller computes another way.</summary>
public sealed class LaunchFallbackTests
{
    private const string End = "; libtorch's operations take their place.";
    private const string KernelEnd = $"{End} LOWRANK_CUDA_KERNELS=0 switches the kernels off.";

    private static readonly KernelVariant Kernel = new("Norm", "forward", "WIDTH=64");
    private static readonly KernelGrid Grid = new(1, 32);

    public static TheoryData<string> DriverFunctions =>
        [
            "cuInit",
            "cuDriverGetVersion",
            "cuDeviceGet",
            "cuDeviceGetName",
            "cuDeviceGetAttribute",
            "cuDevicePrimaryCtxRetain",
            "cuCtxGetCurrent",
            "cuCtxSetCurrent",
            "cuModuleLoadDataEx",
            "cuModuleGetFunction",
            "cuFuncGetAttribute",
            "cuLaunchKernel",
            "cuMemGetInfo_v2",
            "cuGetErrorName",
            "cuGetErrorString",
        ];

    public static TheoryData<string> NvrtcFunctions =>
        [
            "nvrtcVersion",
            "nvrtcGetNumSupportedArchs",
            "nvrtcGetSupportedArchs",
            "nvrtcGetErrorString",
            "nvrtcCreateProgram",
            "nvrtcCompileProgram",
            "nvrtcGetProgramLogSize",
            "nvrtcGetProgramLog",
            "nvrtcGetCUBINSize",
            "nvrtcGetCUBIN",
            "nvrtcGetPTXSize",
            "nvrtcGetPTX",
            "nvrtcDestroyProgram",
        ];

    [Theory(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    [MemberData(nameof(DriverFunctions))]
    public void A_driver_without_a_function_is_named(string function)
    {
        using var fake = new FakeCuda(function);
        AssertOff(fake, fake.Surroundings(), $"the CUDA driver ({fake.File}) lacks the function {function}");
    }

    [Theory(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    [MemberData(nameof(NvrtcFunctions))]
    public void An_NVRTC_without_a_function_is_named(string function)
    {
        using var fake = new FakeCuda(function);
        AssertOff(fake, fake.Surroundings(), $"NVRTC ({fake.File}) lacks the function {function}");
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_libtorch_without_the_function_for_streams_is_named()
    {
        using var fake = new FakeCuda("aoti_torch_get_current_cuda_stream");
        AssertOff(fake, fake.Surroundings(), $"libtorch ({fake.File}) lacks the function aoti_torch_get_current_cuda_stream");
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void The_switch_turns_them_off()
    {
        using var fake = new FakeCuda();
        fake.Variables[CudaMachine.Switch] = "0";
        AssertOff(fake, fake.Surroundings(), "LOWRANK_CUDA_KERNELS is 0");
        Assert.Equal(0, fake.Calls("cuInit"));
        fake.Variables[CudaMachine.Switch] = "1";
        Assert.NotNull(fake.Launcher());
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_libtorch_without_CUDA_has_no_kernels()
    {
        using var fake = new FakeCuda();
        AssertOff(fake, fake.Surroundings() with { Torch = () => null }, "this process has loaded a libtorch without CUDA");
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Libraries_that_are_not_there_are_named()
    {
        using var fake = new FakeCuda();
        AssertOff(
            fake,
            fake.Surroundings() with
            {
                Driver = ["libcuda-none.so.1", "libcuda-none.so"],
            },
            "the CUDA driver was not found (tried libcuda-none.so.1, libcuda-none.so)"
        );
        AssertOff(
            fake,
            fake.Surroundings() with
            {
                NvrtcNames = ["libnvrtc-none.so.13", "libnvrtc-none.so.12"],
            },
            "NVRTC was not found, neither beside libtorch nor as libnvrtc-none.so.13, libnvrtc-none.so.12 (LOWRANK_NVRTC can name its file)"
        );
        fake.Variables[NvrtcSearch.Variable] = Path.Combine(fake.Folder, "none.so");
        AssertOff(fake, fake.Surroundings(), $"LOWRANK_NVRTC names '{fake.Folder}/none.so', which is no library that can be loaded");
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_driver_without_a_device_says_so()
    {
        using var fake = new FakeCuda();
        fake.Fail("cuInit", 100);
        AssertOff(fake, fake.Surroundings(), "cuInit failed: CUDA_ERROR_NO_DEVICE, no such thing");
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void An_old_card_is_told_what_is_needed()
    {
        using var fake = new FakeCuda();
        fake.Set("major", 7);
        fake.Set("minor", 5);
        AssertOff(fake, fake.Surroundings(), "Fake GPU 0 has compute capability 7.5, and the kernels need 8.0");
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void An_old_driver_is_told_what_is_needed()
    {
        using var fake = new FakeCuda();
        fake.Set("driver", 10020);
        AssertOff(fake, fake.Surroundings(), "the driver is too old: it supports CUDA 10.2, and the kernels need 11.0");
        fake.Set("driver", 12040);
        fake.Set("nvrtcMajor", 13);
        fake.Set("nvrtcMinor", 1);
        AssertOff(
            fake,
            fake.Surroundings(),
            $"the driver is too old: it supports CUDA 12.4, and NVRTC 13.1 ({fake.File}) needs one that supports CUDA 13.0"
        );
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_compiler_that_has_forgotten_the_card_is_named()
    {
        using var fake = new FakeCuda();
        fake.Set("newest", 140);
        AssertOff(fake, fake.Surroundings(), $"NVRTC 12.4 ({fake.File}) no longer compiles for compute capability 9.0");
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Each_device_has_its_own_answer()
    {
        using var fake = new FakeCuda();
        var machine = new CudaMachine(fake.Surroundings());
        Assert.NotNull(machine.Launcher(1).Value);
        Assert.Null(machine.Launcher(2).Value);
        Assert.Null(machine.Launcher(2).Value);
        Assert.Same(machine.Launcher(1).Value, machine.Launcher(1).Value);
        Assert.Equal($"CUDA kernels are off for cuda:2: cuDeviceGet failed: error 101{End}", Assert.Single(fake.Told));
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_kernel_that_does_not_compile_is_left_to_the_caller_for_good()
    {
        using var fake = new FakeCuda();
        var broken = Kernel with { Constants = "#error WIDTH=64" };
        var launcher = fake.Launcher();
        Assert.False(launcher.Launch(broken, Grid));
        Assert.False(launcher.Launch(broken, Grid));
        Assert.Equal(1, fake.Calls("nvrtcCompileProgram"));
        Assert.Equal(
            $"cuda:0: the CUDA kernel forward of Norm.cu (#error WIDTH=64) doesn't compile: Norm.cu(2): error: so it was asked for{KernelEnd}",
            Assert.Single(fake.Told)
        );
        Assert.True(launcher.Launch(Kernel, Grid));
        Assert.Equal(2, fake.Calls("nvrtcDestroyProgram"));
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_kernel_that_does_not_load_is_left_to_the_caller_for_good()
    {
        using var fake = new FakeCuda();
        fake.Fail("cuModuleLoadDataEx", 218, times: 1);
        var launcher = fake.Launcher();
        Assert.False(launcher.Launch(Kernel, Grid));
        Assert.False(launcher.Launch(Kernel, Grid));
        Assert.Equal(
            $"cuda:0: the CUDA kernel forward of Norm.cu (WIDTH=64) can't be loaded: cuModuleLoadDataEx: ptxas: fake complaint failed: error "
                + $"218{KernelEnd}",
            Assert.Single(fake.Told)
        );
        Assert.Equal(0, fake.CurrentContext);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_kernel_that_its_text_does_not_have_is_left_to_the_caller_for_good()
    {
        using var fake = new FakeCuda();
        var launcher = fake.Launcher();
        Assert.False(launcher.Launch(Kernel with { Name = "missing" }, Grid));
        Assert.False(launcher.Launch(Kernel with { Name = "missing" }, Grid));
        Assert.True(launcher.Launch(Kernel, Grid));
        Assert.Equal(
            "cuda:0: the CUDA kernel missing of Norm.cu (WIDTH=64) can't be loaded: cuModuleGetFunction of missing failed: "
                + $"CUDA_ERROR_NOT_FOUND, named symbol not found{KernelEnd}",
            Assert.Single(fake.Told)
        );
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_compiler_that_does_not_work_is_told_once_for_all_kernels()
    {
        using var fake = new FakeCuda();
        fake.Set("builtins", 1);
        var launcher = fake.Launcher();
        Assert.False(launcher.Launch(Kernel, Grid));
        Assert.False(launcher.Launch(Kernel with { Constants = "WIDTH=65" }, Grid));
        Assert.Equal(
            $"cuda:0: CUDA kernels can't be compiled by NVRTC 12.4 ({fake.File}): nvrtc: error: failed to open libnvrtc-builtins.so.99.1."
                + KernelEnd,
            Assert.Single(fake.Told)
        );
    }

    [Fact]
    public void The_machine_itself_answers()
    {
        var told = new List<string>();
        var machine = new CudaMachine(new CudaSurroundings { Tell = told.Add });
        var answer = machine.Launcher(0);
        if (answer.Value is not null)
            return;
        Assert.Equal($"CUDA kernels are off for cuda:0: {answer.WhyNot}{End}", Assert.Single(told));
    }

    private static void AssertOff(FakeCuda fake, CudaSurroundings surroundings, string reason)
    {
        fake.Told.Clear();
        var machine = new CudaMachine(surroundings);
        Assert.Null(machine.Launcher(0).Value);
        Assert.Null(machine.Launcher(0).Value);
        Assert.Equal(reason, machine.Launcher(0).WhyNot);
        Assert.Equal($"CUDA kernels are off for cuda:0: {reason}{End}", Assert.Single(fake.Told));
    }
}
