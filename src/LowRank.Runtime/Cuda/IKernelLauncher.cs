namespace LowRank.Cuda;

/// <summary>Starts kernels where tensors lie: on a GPU, or in tests on the CPU.</summary>
internal interface IKernelLauncher
{
    /// <summary>
    /// Starts a kernel on the device's current stream of this thread; whoever reads its results waits as for any other operation.
    /// </summary>
    /// <param name="kernel">The kernel; compiled if it wasn't yet.</param>
    /// <param name="grid">How many threads run it.</param>
    /// <param name="arguments">Its arguments, in the order of its parameters.</param>
    /// <returns>Whether it was started. If not, the caller computes the step another way: this kernel can't be had on this
    /// device.</returns>
    bool Launch(in KernelVariant kernel, in KernelGrid grid, params ReadOnlySpan<KernelArgument> arguments);
}
