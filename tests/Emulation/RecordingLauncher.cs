using LowRank.Cuda;

namespace LowRank.Tests.Emulation;

/// <summary>Runs nothing, and knows what would have been run: so that all of it can be compiled at once.</summary>
/// <param name="starts">What it says: that it has started a kernel, or that none can be had.</param>
internal sealed class RecordingLauncher(bool starts = true) : IKernelLauncher
{
    /// <summary>The kernels.</summary>
    public HashSet<KernelVariant> Kernels { get; } = [];

    /// <inheritdoc/>
    public bool Launch(in KernelVariant kernel, in KernelGrid grid, params ReadOnlySpan<KernelArgument> arguments)
    {
        Kernels.Add(kernel);
        return starts;
    }
}
