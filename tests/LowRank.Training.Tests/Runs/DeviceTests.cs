using System.Runtime.InteropServices;
using LowRank.Cuda;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Runs;
using TorchSharp;

namespace LowRank.Training.Tests.Runs;

/// <summary>Whoever asks for a GPU that can't be had learns what was found and what to do.</summary>
public sealed class DeviceTests
{
    private static readonly CudaCard Hopper = new("NVIDIA H200", new CudaVersion(9, 0));
    private static readonly CudaCard Pascal = new("Tesla P4", new CudaVersion(6, 1));

    private static readonly CudaFindings Working = new()
    {
        Usable = 2,
        IsBuiltForCuda = true,
        Needed = 12,
        Driver = new CudaVersion(12, 4),
        Cards = [Hopper, Pascal],
    };

    [Theory]
    [InlineData("cuda", 0)]
    [InlineData("CUDA:1", 1)]
    public void A_gpu_that_is_there_is_taken_by_its_index(string name, int index)
    {
        var device = Devices.ForComputing(name, () => Working, computing => Assert.Equal(index, computing.index));
        Assert.Equal((DeviceType.CUDA, index), (device.type, device.index));
    }

    [Fact]
    public void The_cpu_asks_for_nothing() =>
        Assert.Equal(
            DeviceType.CPU,
            Devices.ForComputing("cpu", () => throw new InvalidOperationException(), _ => throw new InvalidOperationException()).type
        );

    [Fact]
    public void A_build_without_cuda_is_told_from_a_machine_without_a_driver()
    {
        var refused = Refused(Working with { Usable = 0, IsBuiltForCuda = false });
        Assert.Contains("libtorch has no CUDA (the driver would take CUDA 12.4, on 0 is NVIDIA H200", refused, StringComparison.Ordinal);
        Assert.Contains("-p:Torch=cuda-linux", refused, StringComparison.Ordinal);
        Assert.Contains("--device cpu", refused, StringComparison.Ordinal);
        var none = new CudaFindings
        {
            Usable = 0,
            IsBuiltForCuda = false,
            WhyNoCard = "libcuda.so.1 isn't found",
        };
        Assert.Contains("libtorch has no CUDA (libcuda.so.1 isn't found); build", Refused(none), StringComparison.Ordinal);
        Assert.Contains(
            "the NVIDIA driver shows no GPU (libcuda.so.1 isn't found)",
            Refused(none with { IsBuiltForCuda = true }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_driver_that_is_too_old_is_told_beside_what_is_needed() =>
        Assert.Contains(
            "the NVIDIA driver takes CUDA up to 12.4, and this program's libtorch is of CUDA 13; update the driver",
            Refused(Working with { Usable = 0, Needed = 13 }),
            StringComparison.Ordinal
        );

    [Fact]
    public void Cards_that_libtorch_cannot_use_are_named() =>
        Assert.Contains(
            "libtorch can use no GPU, though the driver (CUDA 12.4) shows NVIDIA H200 (compute capability 9.0)",
            Refused(Working with { Usable = 0 }),
            StringComparison.Ordinal
        );

    [Fact]
    public void What_this_machine_has_is_found_without_failing()
    {
        var found = CudaFindings.Now();
        Assert.Equal(torch.cuda.is_available() ? torch.cuda.device_count() : 0, found.Usable);
        Assert.Equal(found.Cards.Count == 0, found.WhyNoCard is not null);
    }

    [Fact]
    public void An_index_out_of_range_is_told_with_those_there_are() =>
        Assert.Equal(
            "Device 'cuda:2' was asked for, but there are 2 CUDA devices, counted from 0: 0 is NVIDIA H200 (compute capability 9.0), 1 is Tesla P4 (compute capability 6.1).",
            Refused(Working, "cuda:2")
        );

    [Fact]
    public void A_gpu_that_libtorch_has_no_code_for_is_named_with_its_compute_capability()
    {
        var refused = Assert.Throws<InputException>(() =>
            Devices.ForComputing(
                "cuda:1",
                () => Working,
                _ => throw new LibraryFailure("CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors…")
            )
        );
        Assert.StartsWith(
            "Device 'cuda:1' (Tesla P4 (compute capability 6.1)) is too old, or too new,",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("kernel errors", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libcudart-9335f6a2.so.12", 12)]
    [InlineData("libcudart.so.13", 13)]
    [InlineData("cudart64_12.dll", 12)]
    [InlineData("libcudart-d0da41ae.so.11.0", 11)]
    [InlineData("cudart64_110.dll", 11)]
    [InlineData("libcublas.so.12", null)]
    public void The_version_of_cuda_is_read_from_its_runtimes_name(string library, int? version) =>
        Assert.Equal(version, CudaFindings.MajorVersion(library));

    [Fact]
    public void Tf32_is_refused_on_the_cpu_and_set_back_after_a_run()
    {
        Assert.Equal(
            "--tf32 is about products on CUDA, and --device is cpu; leave it out, or choose a GPU.",
            Assert.Throws<InputException>(() => Tf32.RefuseOnCpu(isWanted: true, "CPU")).Say(FlagNames.Of)
        );
        Tf32.RefuseOnCpu(isWanted: true, "cuda:1");
        Assert.Null(Tf32.During(isWanted: false));
        var before = torch.backends.cuda.matmul.allow_tf32;
        using (Tf32.During(isWanted: true))
            Assert.True(torch.backends.cuda.matmul.allow_tf32);
        Assert.Equal(before, torch.backends.cuda.matmul.allow_tf32);
    }

    // As TorchSharp reports what libtorch threw.
    private sealed class LibraryFailure(string message) : ExternalException(message);

    private static string Refused(CudaFindings found, string name = "cuda") =>
        Assert.Throws<InputException>(() => Devices.Parse(name, () => found)).Say(FlagNames.Of);
}
