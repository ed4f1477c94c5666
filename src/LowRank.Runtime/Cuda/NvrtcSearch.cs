namespace LowRank.Cuda;

/// <summary>Finds an NVRTC whose output the driver takes.</summary>
internal static class NvrtcSearch
{
    /// <summary>The environment variable that names NVRTC's file. Then no other is tried.</summary>
    public const string Variable = "LOWRANK_NVRTC";

    private const string Meaning = "NVRTC";

    /// <summary>Loads the first one that will do.</summary>
    /// <param name="named">The file that the user has named; null or empty: the folders and names are searched.</param>
    /// <param name="folders">Where to look.</param>
    /// <param name="names">Names that the system's loader may know, tried last.</param>
    /// <param name="driver">The newest CUDA that the driver supports.</param>
    /// <exception cref="NotSupportedException">There is none; the message says what is wrong with the first one found.</exception>
    public static Nvrtc Load(string? named, IEnumerable<string> folders, IReadOnlyList<string> names, CudaVersion driver)
    {
        var searched = string.IsNullOrEmpty(named) ? folders.SelectMany(NvrtcFiles.In).Concat(names) : [named];
        string? wrong = null;
        foreach (var file in searched)
        {
            if (SharedLibrary.TryLoad(Meaning, file) is not { } library)
                continue;
            try
            {
                var nvrtc = new Nvrtc(library);
                // Within a major version an older driver takes what a newer compiler writes, never beyond.
                if (nvrtc.Version.Major <= driver.Major)
                {
                    LoadBuiltins(file);
                    return nvrtc;
                }

                wrong ??=
                    $"the driver is too old: it supports CUDA {driver}, and NVRTC {nvrtc.Version} ({file}) needs one that supports "
                    + $"CUDA {nvrtc.Version.Major}.0";
            }
            catch (Exception exception) when (exception is NotSupportedException or NvrtcException)
            {
                wrong ??= exception.Message;
            }
        }

        throw new NotSupportedException(
            wrong
                ?? (
                    string.IsNullOrEmpty(named)
                        ? $"NVRTC was not found, neither beside libtorch nor as {string.Join(", ", names)} ({Variable} can name its file)"
                        : $"{Variable} names '{named}', which is no library that can be loaded"
                )
        );
    }

    private static void LoadBuiltins(string file)
    {
        // A bare name is the loader's, which finds the others as well.
        if (Path.GetDirectoryName(file) is not { Length: > 0 } folder)
            return;
        foreach (var builtins in NvrtcFiles.BuiltinsIn(folder))
            _ = SharedLibrary.TryLoad(Meaning, builtins);
    }
}
