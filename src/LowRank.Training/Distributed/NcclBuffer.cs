using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Training.Distributed;

/// <summary>A tensor as NCCL takes it.</summary>
/// <param name="Address">Where its first element is.</param>
/// <param name="Storage">Where the memory begins that it is a part of.</param>
/// <param name="Count">Number of elements.</param>
/// <param name="ElementSize">Bytes of an element.</param>
/// <param name="Type">Their type.</param>
internal readonly record struct NcclBuffer(nint Address, nint Storage, long Count, int ElementSize, NcclDataType Type)
{
    /// <summary>Its bytes.</summary>
    public long Bytes => Count * ElementSize;

    /// <summary>Looks at a tensor.</summary>
    /// <exception cref="ArgumentException">It is elsewhere, not contiguous, or of a type that isn't taken.</exception>
    public static unsafe NcclBuffer Of(Tensor tensor, Device device)
    {
        // "cuda" has no index, and its tensors have 0.
        if (tensor.device_type != device.type || Math.Max(tensor.device_index, 0) != Math.Max(device.index, 0))
            throw new ArgumentException($"A tensor is on {tensor.device}, and the ranks' operations are on {device}.", nameof(tensor));
        if (!tensor.is_contiguous())
            throw new ArgumentException($"A tensor of shape {Shape(tensor)} isn't contiguous.", nameof(tensor));
        var type = tensor.dtype switch
        {
            ScalarType.Float32 => NcclDataType.Float32,
            ScalarType.Float64 => NcclDataType.Float64,
            ScalarType.Int64 => NcclDataType.Int64,
            ScalarType.Byte => NcclDataType.UInt8,
            _ => throw new ArgumentException($"A tensor is {tensor.dtype}; float32, float64, int64 and uint8 are taken.", nameof(tensor)),
        };
        var address = (nint)TensorMemory.AddressOnDevice(tensor);
        var size = (int)tensor.element_size();
        return new NcclBuffer(address, address - (nint)(tensor.storage_offset() * size), tensor.numel(), size, type);
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
