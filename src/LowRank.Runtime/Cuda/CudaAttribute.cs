namespace LowRank.Cuda;

/// <summary>Numbers that describe a device, as <c>CUdevice_attribute</c> numbers them.</summary>
internal enum CudaAttribute
{
    MultiprocessorCount = 16,
    MemoryClockRate = 36,
    MemoryBusWidth = 37,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
}
