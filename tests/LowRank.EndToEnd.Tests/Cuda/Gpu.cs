using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Cuda;

/// <summary>Whether tests can run on a GPU: the build has CUDA (<c>-p:Torch=cuda-linux</c>) and the machine a device.</summary>
public static class Gpu
{
    /// <summary>The device.</summary>
    public const string Name = "cuda";

    /// <summary>Why a test was skipped.</summary>
    public const string Missing = "no GPU, or a build without CUDA";

    /// <summary>The second one.</summary>
    public const string SecondName = "cuda:1";

    /// <summary>Why a test of two was skipped.</summary>
    public const string SecondMissing = "no second GPU, or a build without CUDA";

    /// <summary>Asked for by name where a test of two is skipped.</summary>
    public static bool AreTwoThere { get; } = cuda.is_available() && cuda.device_count() > 1;

    /// <summary>Asked for by name where a test is skipped.</summary>
    public static bool IsThere { get; } = cuda.is_available();
}
