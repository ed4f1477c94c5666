using System.Runtime.InteropServices;
using LowRank.Cuda;

namespace LowRank.Training.Distributed;

/// <summary>Which MPI library is loaded: the one that belongs to the launcher.</summary>
internal static partial class MpiLibrary
{
    private const string Meaning = "MPI";

    /// <summary>Loads it.</summary>
    /// <param name="launcher">What has started this process.</param>
    /// <param name="variable">An environment variable's value.</param>
    /// <exception cref="InputException">It isn't there.</exception>
    public static Mpi Load(Launcher launcher, Func<string, string?> variable)
    {
        ChooseSettings(variable);
        var names = Names(launcher.Kind, variable);
        var library =
            names.Select(name => SharedLibrary.TryLoad(Meaning, name)).FirstOrDefault(loaded => loaded is not null)
            ?? throw new InputException(
                $"{launcher.Program} has started {launcher.World} processes, which talk to each other over MPI, and no MPI library was found (tried {string.Join(", ", names)}). Install the one that {launcher.Program} belongs to, or name its folder in LD_LIBRARY_PATH."
            );
        return new Mpi(library);
    }

    private static string[] Names(LauncherKind kind, Func<string, string?> variable)
    {
        string[] openMpi = OperatingSystem.IsMacOS() ? ["libmpi.40.dylib"] : ["libmpi.so.40"];
        string[] mpich =
            OperatingSystem.IsWindows() ? ["msmpi.dll"]
            : OperatingSystem.IsMacOS() ? ["libmpi.12.dylib"]
            : ["libmpi.so.12", "libmpich.so.12", "libmpi_cray.so.12"];
        return kind switch
        {
            LauncherKind.OpenMpi => openMpi,
            LauncherKind.Mpich => mpich,
            // srun says by its own variables which kind of library it serves (--mpi=pmix or pmi2).
            _ => variable("PMIX_RANK") is null && variable("PMI_RANK") is not null ? [.. mpich, .. openMpi] : [.. openMpi, .. mpich],
        };
    }

    // Open MPI's settings; what the user has set stays.
    private static void ChooseSettings(Func<string, string?> variable)
    {
        if (OperatingSystem.IsWindows())
            return;
        // It copies from the other process's memory where it believes that it may. In containers that fails in the middle of a message.
        SetDefault("OMPI_MCA_btl_vader_single_copy_mechanism", "none");
        // A thread that waits within a call gives its core to the one that computes, where both have one core.
        SetDefault("OMPI_MCA_mpi_yield_when_idle", "1");

        void SetDefault(string name, string value)
        {
            // Environment.SetEnvironmentVariable changes .NET's own copy, which native code doesn't see.
            if (variable(name) is null)
                _ = setenv(name, value, 0);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int setenv(string name, string value, int overwrite);
}
