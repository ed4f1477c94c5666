using System.Runtime.InteropServices;

namespace LowRank.Training.Distributed;

/// <summary>
/// The beginning of NCCL's <c>ncclConfig_t</c>, as it was in 2.14. The size and version in it tell newer libraries that the rest isn't
/// there, and they take their defaults for it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NcclConfig
{
    // NCCL_API_MAGIC.
    private const uint Magic = 0xcafebeef;

    // NCCL_VERSION(2, 14, 0).
    private const uint Version = 21400;

    private nuint size;
    private uint magic;
    private uint version;
    private int blocking;

    /// <summary>
    /// For a communicator whose calls never block. A rank that waits for another one can then be told that the other one is dead.
    /// </summary>
    public static unsafe NcclConfig NonBlocking =>
        new()
        {
            size = (nuint)sizeof(NcclConfig),
            magic = Magic,
            version = Version,
            blocking = 0,
        };
}
