namespace LowRank.Kernels;

/// <summary>The operations by kernels over the CPU's memory, for dense tensors of 32-bit floats and bfloat16.</summary>
internal sealed class CpuOperations : TensorOperations;
