namespace LowRank.Cuda;

/// <summary>
/// Asks libtorch for the stream that a thread works on. Kernels have to go there: on any other stream they could read tensors too early,
/// or write memory that libtorch has given to somebody else.
/// </summary>
internal sealed unsafe class CudaStream
{
    // torch/csrc/inductor/aoti_torch/c/shim.h: int32_t f(int32_t device_index, void** ret_stream). 0 is success.
    private const string Name = "aoti_torch_get_current_cuda_stream";
    private readonly delegate* unmanaged<int, nint*, int> getCurrent;

    /// <exception cref="NotSupportedException">This libtorch has no such function.</exception>
    public CudaStream(SharedLibrary torch) => getCurrent = (delegate* unmanaged<int, nint*, int>)torch.Function(Name);

    /// <summary>The current stream of this thread.</summary>
    /// <param name="deviceIndex">On which device.</param>
    public nint Current(int deviceIndex)
    {
        nint stream;
        var result = getCurrent(deviceIndex, &stream);
        return result == 0 ? stream : throw new CudaException($"{Name} failed for cuda:{deviceIndex}", result);
    }
}
