using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>Access to the elements of tensors in the CPU's memory.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Whether the fused kernels can work on a tensor: dense rows of 32-bit or bfloat16 in the CPU's memory.</summary>
    public static bool IsFusable(Tensor tensor) =>
        tensor.device_type == TorchSharp.DeviceType.CPU
        && tensor.dtype is ScalarType.Float32 or ScalarType.BFloat16
        && tensor.is_contiguous();

    /// <summary>Address of the first element. Valid while the tensor is not disposed.</summary>
    /// <param name="tensor">A contiguous tensor with at least one element and one dimension.</param>
    public static byte* Address(Tensor tensor)
    {
        // Through one row, since TorchSharp's spans end at two gigabytes.
        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        fixed (byte* address = first.bytes)
            return address;
    }
}
