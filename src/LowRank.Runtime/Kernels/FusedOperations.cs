using System.Collections.Concurrent;
using LowRank.Cuda;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>Which operations serve a tensor: the one place that looks at devices.</summary>
internal static class FusedOperations
{
    private static readonly CpuOperations OnCpu = new();
    private static readonly TensorOperations Elsewhere = new();
    private static readonly ConcurrentDictionary<int, IFusedOperations> OnCuda = new();
    private static readonly AsyncLocal<IFusedOperations?> Replacement = new();

    /// <summary>The operations for tensors that lie where this one does.</summary>
    public static IFusedOperations For(Tensor tensor) =>
        Replacement.Value
        ?? tensor.device_type switch
        {
            DeviceType.CPU => OnCpu,
            DeviceType.CUDA => OnCuda.GetOrAdd(tensor.device_index, OfDevice),
            _ => Elsewhere,
        };

    /// <summary>For tests: lets others answer in this flow of control until the result is disposed.</summary>
    public static IDisposable Replace(IFusedOperations operations)
    {
        Replacement.Value = operations;
        return new Restoring();
    }

    // Where there are no kernels, the launchers have said why.
    private static IFusedOperations OfDevice(int index) =>
        KernelLaunchers.Of(index) is { } launcher ? new CudaOperations(launcher) : Elsewhere;

    private sealed class Restoring : IDisposable
    {
        public void Dispose() => Replacement.Value = null;
    }
}
