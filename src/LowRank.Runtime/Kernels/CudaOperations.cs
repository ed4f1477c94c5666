using System.Runtime.CompilerServices;
using LowRank.Cuda;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// The operations by kernels on a GPU, for tensors of 32-bit floats and bfloat16. What a kernel doesn't take, and all of it where none can
/// be had, is left to libtorch.
/// </summary>
/// <param name="launcher">Starts them.</param>
internal sealed unsafe partial class CudaOperations(IKernelLauncher launcher) : TensorOperations
{
    private const int Threads = 256;

    // Pieces of tensors are counted in 32 bits.
    private const long MostPieces = int.MaxValue;

    /// <summary>What starts the kernels.</summary>
    internal IKernelLauncher Launcher => launcher;

    /// <summary>Makes the tensors that are returned, and those that kernels hand to the next one, at multiples of 16 bytes.</summary>
    internal Func<long[], ScalarType, Device, Tensor> Allocate { get; init; } = ActivationMemory.Empty;

    /// <summary>
    /// How many threads a kernel that takes row after row has at most: what an H100 or H200 runs at once with 64 registers each, 1,024 on
    /// every one of 132 multiprocessors. The number is the same on every card, and so is the order of sums.
    /// </summary>
    internal int ThreadsAtOnce { get; init; } = 132 * 1024;

    private Tensor AllocateLike(Tensor tensor, ScalarType type) => Allocate(tensor.shape, type, tensor.device);

    private static KernelArgument At(Tensor? tensor) => tensor is null ? null : TensorMemory.AddressOnDevice(tensor);

    // Tensors whose memory a kernel was given live until it is queued: until here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void KeepAlive(params ReadOnlySpan<Tensor?> tensors) { }

    private static bool IsNamed(ScalarType type) => type is ScalarType.Float32 or ScalarType.BFloat16;

    private static bool IsDense(Tensor tensor) => IsNamed(tensor.dtype) && tensor.is_contiguous();

    private static bool IsFloat(Tensor? tensor) => tensor is null || (tensor.dtype == ScalarType.Float32 && tensor.is_contiguous());

    private static string NameOf(ScalarType type) => type == ScalarType.Float32 ? "float" : "bf16";

    private static int Flag(bool value) => value ? 1 : 0;

    private static long Pieces(long count, long size) => (count + size - 1) / size;

    private static KernelGrid GridOf(long count, int pack) => new(Pieces(count, (long)pack * Threads), Threads);

    // Elements of an access: as many as make 16 bytes of the widest type, and as the places of all tensors and rows allow.
    private static int PackOf(ReadOnlySpan<Tensor?> tensors, params ReadOnlySpan<long> lengths)
    {
        var pack = 8;
        foreach (var tensor in tensors)
        {
            if (tensor is not null)
                pack = Math.Min(pack, 16 / (int)tensor.ElementSize);
        }

        while (pack > 1 && !Allow(pack, lengths))
            pack /= 2;
        return Narrowed(pack, tensors);
    }

    // No more than the places of some more tensors allow. Of a wide type an access may become two.
    private static int Narrowed(int pack, ReadOnlySpan<Tensor?> tensors)
    {
        while (pack > 1 && !AreAligned(pack, tensors))
            pack /= 2;
        return pack;
    }

    private static bool Allow(int pack, ReadOnlySpan<long> lengths)
    {
        foreach (var length in lengths)
        {
            if (length % pack != 0)
                return false;
        }

        return true;
    }

    private static bool AreAligned(int pack, ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (tensor is not null && (ulong)TensorMemory.AddressOnDevice(tensor) % (ulong)Math.Min(16, pack * tensor.ElementSize) != 0)
                return false;
        }

        return true;
    }
}
