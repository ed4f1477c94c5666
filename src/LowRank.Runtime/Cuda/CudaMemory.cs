namespace LowRank.Cuda;

/// <summary>A device's memory, in bytes, all processes taken together.</summary>
/// <param name="Free">What is free now. What libtorch's allocator keeps for later isn't.</param>
/// <param name="Total">What there is.</param>
internal readonly record struct CudaMemory(long Free, long Total);
