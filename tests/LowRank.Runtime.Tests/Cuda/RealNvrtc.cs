using LowRank.Cuda;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>NVRTC, where this machine has it. It compiles without a GPU.</summary>
internal static class RealNvrtc
{
    /// <summary>Why a test was skipped.</summary>
    public const string Missing = "no NVRTC";

    /// <summary>The compiler; null where there is none.</summary>
    public static Nvrtc? Instance { get; } = Load();

    /// <summary>Asked for by name where a test is skipped.</summary>
    public static bool IsThere => Instance is not null;

    private static Nvrtc? Load()
    {
        try
        {
            return NvrtcSearch.Load(
                Environment.GetEnvironmentVariable(NvrtcSearch.Variable),
                NvrtcFiles.Folders(null, Environment.GetEnvironmentVariable),
                NvrtcFiles.Names,
                new CudaVersion(99, 0)
            );
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
