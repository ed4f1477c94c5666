using LowRank.Cuda;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>What the driver says of its devices.</summary>
public sealed class LaunchDeviceTests
{
    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_device_is_described()
    {
        using var fake = new FakeCuda();
        var device = new CudaMachine(fake.Surroundings()).Device(1).Value!;
        Assert.Equal(1, device.Index);
        Assert.Equal("Fake GPU 1", device.Name);
        Assert.Equal("9.0", device.ComputeCapability.ToString());
        Assert.Equal("12.4", device.DriverVersion.ToString());
        Assert.Equal(132, device.Multiprocessors);
        // An H200's: 3,201 MHz, 6,144 bits, both edges.
        Assert.Equal(4.916736e12, device.MemoryBandwidth);
        Assert.Equal(0, fake.Calls("cuDevicePrimaryCtxRetain"));
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Memory_is_that_of_the_device_whatever_is_current()
    {
        using var fake = new FakeCuda();
        var machine = new CudaMachine(fake.Surroundings());
        fake.CurrentContext = 0x1000 + 100;
        Assert.Equal(new CudaMemory((3L << 33) + 1, 5L << 33), machine.Device(1).Value!.Memory());
        Assert.Equal(new CudaMemory(3L << 33, 5L << 33), machine.Device(0).Value!.Memory());
        Assert.Equal(0x1000 + 100, fake.CurrentContext);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_device_that_is_not_there_says_why_and_nobody_is_told()
    {
        using var fake = new FakeCuda();
        var machine = new CudaMachine(fake.Surroundings());
        Assert.Null(machine.Device(2).Value);
        Assert.Equal("cuDeviceGet failed: error 101", machine.Device(2).WhyNot);
        Assert.Empty(fake.Told);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_device_needs_neither_libtorch_nor_NVRTC_nor_the_switch()
    {
        using var fake = new FakeCuda();
        fake.Variables[CudaMachine.Switch] = "0";
        var surroundings = fake.Surroundings() with { Torch = () => null, NvrtcNames = [] };
        Assert.NotNull(new CudaMachine(surroundings).Device(0).Value);
    }
}
