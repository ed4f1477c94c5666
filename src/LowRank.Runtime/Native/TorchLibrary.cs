using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LowRank.Native;

/// <summary>
/// Makes TorchSharp's native library load on every supported Linux. As shipped, <c>libLibTorchSharp.so</c> demands the symbol version
/// GLIBCXX_3.4.32, which Debian 12 and Ubuntu 22.04 don't have, although it never binds a symbol of that version. The demand is
/// marked as weak in the application's own copy of the file, never in the package cache.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TorchLibrary
{
    private const string FileName = "libLibTorchSharp.so";
    private const string Version = "GLIBCXX_3.4.32";
    private static readonly Lock Gate = new();
    private static bool prepared;

    /// <summary>
    /// Mends the native library if this system needs it, and sets how its threads wait and its memory is kept. Has to run before the first
    /// call into TorchSharp; generated code calls it when the assembly is loaded. Does nothing on other systems, or the second time.
    /// </summary>
    /// <exception cref="IOException">The library needs mending and its folder cannot be written to.</exception>
    public static void Prepare()
    {
        lock (Gate)
        {
            if (prepared)
                return;
            prepared = true;
            OpenMpSettings.Apply();
            AllocatorSettings.Apply();
            if (!OperatingSystem.IsLinux() || StandardLibraryHasVersion())
                return;
            foreach (var path in Candidates())
                Patch(path);
        }
    }

    /// <summary>Marks the version demand of one library file as weak, by replacing the file. Safe beside other processes.</summary>
    /// <param name="path">The library. May be a hard link into a package cache: the link is replaced, its target is left alone.</param>
    /// <returns>Whether the file was changed.</returns>
    /// <exception cref="IOException">The folder of the file cannot be written to.</exception>
    internal static bool Patch(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (!ElfVersionNeeds.MakeWeak(bytes, Version))
            return false;

        // Written beside the file and renamed over it: another process sees the old file or the new one, never half of it.
        var temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
            // The same time stamp, so that an incremental build doesn't take the file for a stale copy.
            File.SetLastWriteTimeUtc(temporary, File.GetLastWriteTimeUtc(path));
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new IOException(
                $"{path} asks for {Version}, which this system's libstdc++ lacks, and it cannot be mended because its folder is not "
                    + "writable. Start the program once where the folder is writable (when building the image, for example), "
                    + "or install a libstdc++ of GCC 13 or newer.",
                exception
            );
        }
    }

    // A library's initializer is justified here: a program that never runs generated code needs the mend too.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void PrepareOnLoad() => Prepare();
#pragma warning restore CA2255

    private static bool StandardLibraryHasVersion()
    {
        // dlvsym answers exactly the question that the loader will ask.
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out var library))
            return true; // No such library: TorchSharp's own error is the better one.
        try
        {
            return dlvsym(library, "_ZSt21ios_base_library_initv", Version) != 0;
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }

    private static IEnumerable<string> Candidates() => Folders().Select(folder => Path.Combine(folder, FileName)).Where(File.Exists);

    /// <summary>The folders in which an application has its native libraries.</summary>
    [UnconditionalSuppressMessage(
        "SingleFile",
        "IL3000",
        Justification = "An assembly within the program has no location, and its libraries lie beside the program."
    )]
    internal static IEnumerable<string> Folders()
    {
        var folders = new List<string> { AppContext.BaseDirectory };
        var identifier = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        folders.Add(Path.Combine(AppContext.BaseDirectory, "runtimes", identifier, "native"));
        if (Path.GetDirectoryName(typeof(TorchLibrary).Assembly.Location) is { Length: > 0 } beside)
        {
            folders.Add(beside);
            folders.Add(Path.Combine(beside, "runtimes", identifier, "native"));
        }

        return folders.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal);
    }

    [DllImport("libc", CharSet = CharSet.Ansi, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint dlvsym(
        nint handle,
        [MarshalAs(UnmanagedType.LPStr)] string symbol,
        [MarshalAs(UnmanagedType.LPStr)] string version
    );
}
