namespace LowRank.Cuda;

/// <summary>The GPUs of this machine.</summary>
internal static class CudaDevices
{
    /// <summary>A GPU; null where there is none of this index, or no driver.</summary>
    /// <param name="index">Its index, as in <c>cuda:1</c>.</param>
    public static CudaDevice? Of(int index) => KernelLaunchers.Machine.Device(index).Value;

    /// <summary>Why there is none; null where there is one.</summary>
    /// <inheritdoc cref="Of"/>
    public static string? WhyNone(int index) => KernelLaunchers.Machine.Device(index).WhyNot;
}
