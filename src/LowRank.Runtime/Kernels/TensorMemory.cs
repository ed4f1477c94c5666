using System.Runtime.InteropServices;
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

    /// <summary>
    /// Address of the first element on whatever device; null where there is none. Valid while the tensor is not disposed: whoever uses it
    /// keeps the tensor alive until then.
    /// </summary>
    public static void* AddressOnDevice(Tensor tensor) => (void*)THSTensor_data(tensor.Handle);

    [DllImport("LibTorchSharp", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern nint THSTensor_data(nint tensor);
}
