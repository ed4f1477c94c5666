namespace LowRank.Cuda;

/// <summary>What of the machine and the process kernels depend on. Tests put other things in its place.</summary>
internal sealed record CudaSurroundings
{
    private static readonly string[] LinuxTorch = ["libtorch_cuda.so"];
    private static readonly string[] WindowsTorch = ["torch_cuda.dll"];
    private static readonly string[] LinuxDriver = ["libcuda.so.1", "libcuda.so"];
    private static readonly string[] WindowsDriver = ["nvcuda.dll"];

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Path of the library of libtorch that knows CUDA; null if this process has loaded none.</summary>
    public Func<string?> Torch { get; init; } = () => LoadedModules.Find(OperatingSystem.IsWindows() ? WindowsTorch : LinuxTorch);

    /// <summary>Names of the driver's library.</summary>
    public IReadOnlyList<string> Driver { get; init; } = OperatingSystem.IsWindows() ? WindowsDriver : LinuxDriver;

    /// <summary>Folders in which NVRTC may lie; null: where builds of libtorch and CUDA have it.</summary>
    public IReadOnlyList<string>? NvrtcFolders { get; init; }

    /// <summary>Names under which the system's loader may know NVRTC.</summary>
    public IReadOnlyList<string> NvrtcNames { get; init; } = NvrtcFiles.Names;

    /// <summary>The whole text of a kernel.</summary>
    public Func<KernelVariant, string> Text { get; init; } = kernel => KernelText.Of(kernel);

    /// <summary>Tells the user a line.</summary>
    public Action<string> Tell { get; init; } = line => KernelMessages.Tell(line);
}
