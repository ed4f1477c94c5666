namespace LowRank.Cuda;

/// <summary>A GPU, as its driver describes it.</summary>
internal sealed class CudaDevice
{
    private readonly Lazy<nint> context;

    /// <summary>Asks the driver.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="index">Which of its devices, as libtorch counts them.</param>
    public CudaDevice(CudaDriver driver, int index)
    {
        var device = driver.Device(index);
        Driver = driver;
        Index = index;
        Name = driver.Name(device);
        ComputeCapability = new CudaVersion(
            driver.Attribute(device, CudaAttribute.ComputeCapabilityMajor),
            driver.Attribute(device, CudaAttribute.ComputeCapabilityMinor)
        );
        Multiprocessors = driver.Attribute(device, CudaAttribute.MultiprocessorCount);
        // Kilohertz and bits; memory is read at both edges of its clock.
        MemoryBandwidth =
            2e3 * driver.Attribute(device, CudaAttribute.MemoryClockRate) * driver.Attribute(device, CudaAttribute.MemoryBusWidth) / 8;
        context = new Lazy<nint>(() => driver.PrimaryContext(device));
    }

    /// <summary>Its index, from 0.</summary>
    public int Index { get; }

    /// <summary>Its maker's name for it.</summary>
    public string Name { get; }

    /// <summary>Its compute capability, such as 9.0.</summary>
    public CudaVersion ComputeCapability { get; }

    /// <summary>Number of multiprocessors (SMs).</summary>
    public int Multiprocessors { get; }

    /// <summary>Bytes a second between the card and its memory, by clock and bus width; 0 where the driver doesn't say.</summary>
    public double MemoryBandwidth { get; }

    /// <summary>The newest CUDA that its driver supports.</summary>
    public CudaVersion DriverVersion => Driver.Version;

    internal CudaDriver Driver { get; }

    /// <summary>How much of its memory is free.</summary>
    public CudaMemory Memory()
    {
        using var current = Use();
        return Driver.Memory();
    }

    /// <summary>Makes the context that libtorch uses current on this thread, until what is returned is disposed.</summary>
    internal CurrentContext Use() => new(Driver, context.Value);
}
