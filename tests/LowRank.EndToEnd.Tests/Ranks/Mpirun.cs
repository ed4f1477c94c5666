using System.ComponentModel;
using System.Diagnostics;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>Open MPI's launcher on this machine.</summary>
internal static class Mpirun
{
    /// <summary>Why tests that need it are skipped.</summary>
    public const string Missing = "There is no mpirun of Open MPI's; Debian has it as openmpi-bin.";

    private static readonly Lazy<bool> There = new(Ask);

    /// <summary>Whether this machine has Open MPI.</summary>
    public static bool IsThere => There.Value;

    /// <summary>How it is started, without arguments. More processes than cores are allowed.</summary>
    public static ProcessStartInfo Start()
    {
        var start = new ProcessStartInfo("mpirun")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // mpirun refuses root otherwise, and containers have no other user.
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.ArgumentList.Add("--oversubscribe");
        return start;
    }

    private static bool Ask()
    {
        try
        {
            var start = Start();
            start.ArgumentList.Add("--version");
            using var process = Process.Start(start)!;
            return process.StandardOutput.ReadToEnd().Contains("Open MPI", StringComparison.Ordinal);
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
