using System.Runtime.InteropServices;

namespace LowRank.Training.Documents;

/// <summary>Where .NET may be installed on this machine.</summary>
internal static class DotnetInstallation
{
    /// <summary>
    /// Folders to look in, the likeliest first: the one that the running program was started from, what <c>DOTNET_ROOT</c> and
    /// <c>DOTNET_HOST_PATH</c> say, and that of the <c>dotnet</c> on the path.
    /// </summary>
    public static IReadOnlyList<string> Roots()
    {
        var roots = new List<string?>
        {
            // shared/Microsoft.NETCore.App/<version>/ below the root, unless the program carries its own runtime.
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."),
            Environment.GetEnvironmentVariable("DOTNET_ROOT"),
            FolderOfHost(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")),
            FolderOfHost(HostOnPath()),
        };
        return
        [
            .. roots
                .Where(root => !string.IsNullOrEmpty(root))
                .Select(root => Path.TrimEndingDirectorySeparator(Path.GetFullPath(root!)))
                .Distinct(),
        ];
    }

    private static string? HostOnPath()
    {
        var host = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        return folders.Select(folder => Path.Combine(folder, host)).FirstOrDefault(File.Exists);
    }

    private static string? FolderOfHost(string? host)
    {
        if (string.IsNullOrEmpty(host))
            return null;

        // What stands on the path is often a link to the program in the installation.
        var target = File.Exists(host) ? File.ResolveLinkTarget(host, returnFinalTarget: true)?.FullName ?? host : host;
        return Path.GetDirectoryName(target);
    }
}
