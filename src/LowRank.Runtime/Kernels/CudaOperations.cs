using LowRank.Cuda;

namespace LowRank.Kernels;

/// <summary>The operations by kernels on a GPU, for tensors of 32-bit floats and bfloat16.</summary>
/// <param name="launcher">Starts them.</param>
internal sealed class CudaOperations(IKernelLauncher launcher) : TensorOperations
{
    /// <summary>What starts the kernels.</summary>
    internal IKernelLauncher Launcher => launcher;
}
