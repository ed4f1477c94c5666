namespace LowRank.Cuda;

/// <summary>What starts kernels on the GPUs of this machine.</summary>
internal static class KernelLaunchers
{
    internal static CudaMachine Machine { get; } = new(new CudaSurroundings());

    /// <summary>
    /// What starts kernels on a device; null where nothing can, which the user is told once. To be asked about devices that tensors lie on:
    /// then libtorch has been loaded.
    /// </summary>
    /// <param name="deviceIndex">The device's index, as in <c>cuda:1</c>.</param>
    public static IKernelLauncher? Of(int deviceIndex) => Machine.Launcher(deviceIndex).Value;

    /// <summary>Why nothing starts kernels there; null where something does.</summary>
    /// <inheritdoc cref="Of"/>
    public static string? WhyNone(int deviceIndex) => Machine.Launcher(deviceIndex).WhyNot;
}
