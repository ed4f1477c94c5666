namespace LowRank.Cuda;

/// <summary>
/// How many GPUs a machine has, asked of NVIDIA's management library: asking the CUDA driver would fix which GPUs this process is shown.
/// Not run on a GPU yet.
/// </summary>
internal static unsafe class GpuCount
{
    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["nvml.dll"] : ["libnvidia-ml.so.1"];

    /// <summary>The number; null where the library isn't there or doesn't know.</summary>
    public static int? Read() => Read(Names);

    /// <param name="names">Names of the library.</param>
    /// <inheritdoc cref="Read()"/>
    public static int? Read(IReadOnlyList<string> names)
    {
        try
        {
            var library = SharedLibrary.Load("NVIDIA's management library", names);
            var initialize = (delegate* unmanaged<int>)library.Function("nvmlInit_v2");
            var getCount = (delegate* unmanaged<uint*, int>)library.Function("nvmlDeviceGetCount_v2");
            var shutdown = (delegate* unmanaged<int>)library.Function("nvmlShutdown");
            if (initialize() != 0)
                return null;
            uint count;
            var result = getCount(&count);
            _ = shutdown();
            return result == 0 ? (int)count : null;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
