using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Training.Evaluation;

/// <summary>Token ids as tensors.</summary>
internal static class TokenTensor
{
    /// <summary>An int64 tensor <c>[rows, columns]</c> on a device, copied from row-major ids.</summary>
    public static Tensor Create(long[] ids, long rows, long columns, Device device)
    {
        using var flat = tensor(ids, dtype: ScalarType.Int64);
        using var shaped = flat.view(rows, columns);
        if (device.type != DeviceType.CUDA)
            return shaped.to(device);
        // From page-locked memory the copy runs beside the device's work; libtorch keeps the memory until it is done.
        using var pinned = shaped.pin_memory();
        return pinned.to(device, non_blocking: true);
    }
}
