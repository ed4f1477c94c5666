using System.Runtime.InteropServices;
using System.Text;

namespace LowRank.Training.Runs;

/// <summary>What NVIDIA's driver says of itself and its GPUs, asked without libtorch; it is loaded by name, where there is one.</summary>
internal static unsafe class NvidiaDriver
{
    private const int Success = 0;
    private const int CapabilityMajor = 75;
    private const int CapabilityMinor = 76;
    private static readonly Lazy<nint> Library = new(Load);
    private static readonly Dictionary<int, nint> Contexts = [];

    /// <summary>The file that it is in.</summary>
    public static string FileName { get; } = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    /// <summary>The newest CUDA that it takes; null where there is no driver.</summary>
    public static Version? Cuda
    {
        get
        {
            var function = (delegate* unmanaged<int*, int>)Symbol("cuDriverGetVersion");
            int version;
            return function is not null && function(&version) == Success ? new Version(version / 1000, version % 1000 / 10) : null;
        }
    }

    /// <summary>The GPUs that it shows to this process.</summary>
    public static IReadOnlyList<CudaCard> Cards()
    {
        var count = (delegate* unmanaged<int*, int>)Symbol("cuDeviceGetCount");
        var get = (delegate* unmanaged<int*, int, int>)Symbol("cuDeviceGet");
        var name = (delegate* unmanaged<byte*, int, int, int>)Symbol("cuDeviceGetName");
        var attribute = (delegate* unmanaged<int*, int, int, int>)Symbol("cuDeviceGetAttribute");
        int number;
        if (count is null || get is null || name is null || attribute is null || count(&number) != Success)
            return [];
        var cards = new List<CudaCard>();
        var text = stackalloc byte[256];
        for (var index = 0; index < number; index++)
        {
            int device;
            int major;
            int minor;
            if (
                get(&device, index) == Success
                && name(text, 256, device) == Success
                && attribute(&major, CapabilityMajor, device) == Success
                && attribute(&minor, CapabilityMinor, device) == Success
            )
                cards.Add(
                    new CudaCard(Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)), new(major, minor))
                );
        }

        return cards;
    }

    /// <summary>
    /// Memory of a GPU that isn't free, whoever holds it, in bytes; null where nobody knows. Only for a GPU on which this process computes:
    /// asking makes it one.
    /// </summary>
    /// <param name="index">Which one.</param>
    public static long? UsedBytes(int index)
    {
        var push = (delegate* unmanaged<nint, int>)Symbol("cuCtxPushCurrent_v2");
        var pop = (delegate* unmanaged<nint*, int>)Symbol("cuCtxPopCurrent_v2");
        var info = (delegate* unmanaged<nuint*, nuint*, int>)Symbol("cuMemGetInfo_v2");
        // This thread may have another GPU's context, or none.
        if (push is null || pop is null || info is null || ContextOf(index) is not (not 0 and var context) || push(context) != Success)
            return null;
        nuint free;
        nuint total;
        var answer = info(&free, &total);
        nint own;
        _ = pop(&own);
        return answer == Success ? (long)(total - free) : null;
    }

    // The one that libtorch computes in. Kept for the life of the process, as libtorch keeps it.
    private static nint ContextOf(int index)
    {
        lock (Contexts)
        {
            if (Contexts.TryGetValue(index, out var known))
                return known;
            var get = (delegate* unmanaged<int*, int, int>)Symbol("cuDeviceGet");
            var retain = (delegate* unmanaged<nint*, int, int>)Symbol("cuDevicePrimaryCtxRetain");
            int device;
            nint context = 0;
            if (get is not null && retain is not null && get(&device, index) == Success && retain(&context, device) != Success)
                context = 0;
            return Contexts[index] = context;
        }
    }

    private static void* Symbol(string name) =>
        Library.Value != 0 && NativeLibrary.TryGetExport(Library.Value, name, out var address) ? (void*)address : null;

    private static nint Load()
    {
        if (!NativeLibrary.TryLoad(FileName, out var library))
            return 0;
        return NativeLibrary.TryGetExport(library, "cuInit", out var address) && ((delegate* unmanaged<uint, int>)address)(0) == Success
            ? library
            : 0;
    }
}
