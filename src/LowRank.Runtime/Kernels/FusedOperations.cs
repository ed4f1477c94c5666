using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>Which operations serve a tensor: the one place that looks at devices.</summary>
internal static class FusedOperations
{
    /// <summary>The operations for tensors that lie where this one does.</summary>
    public static IFusedOperations For(Tensor tensor) => throw new NotImplementedException();
}
