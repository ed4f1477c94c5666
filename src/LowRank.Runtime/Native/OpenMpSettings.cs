namespace LowRank.Native;

/// <summary>
/// Lets libtorch's OpenMP threads sleep between parallel regions instead of spinning. Spinning threads that share their cores with
/// anything else stall a training step for up to seconds; sleeping ones cost some microseconds a region. A value that the user has set
/// stays.
/// </summary>
internal static class OpenMpSettings
{
    /// <summary>Sets the policy. libgomp reads it when it is loaded, so this has to come before the first call into TorchSharp.</summary>
    public static void Apply()
    {
        if (OperatingSystem.IsLinux())
            NativeEnvironment.SetDefault("OMP_WAIT_POLICY", "PASSIVE");
    }
}
