using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using LowRank.Cuda;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>
/// A shared library in the place of the driver, of NVRTC and of libtorch's function for streams, compiled here: no test needs a GPU. Each
/// one is a copy with a state of its own.
/// </summary>
internal sealed unsafe class FakeCuda : IDisposable
{
    /// <summary>Why a test was skipped.</summary>
    public const string Missing = "no g++ on Linux, which compiles the library in the place of the driver";

    private static readonly Lazy<string?> Compiled = new(Compile);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lowrank-cuda-");
    private readonly nint library;

    /// <summary>A copy of the library.</summary>
    /// <param name="hidden">Functions that it doesn't have.</param>
    public FakeCuda(params string[] hidden)
    {
        File = Path.Combine(folder.FullName, "libcuda-fake.so");
        var bytes = System.IO.File.ReadAllBytes(Compiled.Value!);
        foreach (var name in hidden)
            Rename(bytes, name);
        System.IO.File.WriteAllBytes(File, bytes);
        library = NativeLibrary.Load(File);
        Cache = Path.Combine(folder.FullName, "kernels");
    }

    /// <summary>Asked for by name where a test is skipped.</summary>
    public static bool IsThere => Compiled.Value is not null;

    /// <summary>The library.</summary>
    public string File { get; }

    /// <summary>Where kernels are kept.</summary>
    public string Cache { get; }

    /// <summary>A folder for files of the test.</summary>
    public string Folder => folder.FullName;

    /// <summary>What the user was told.</summary>
    public List<string> Told { get; } = [];

    /// <summary>Environment variables.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>The text of all kernels.</summary>
    public string Text { get; set; } = "__global__";

    /// <summary>Everything, found in this library.</summary>
    public CudaSurroundings Surroundings() =>
        new()
        {
            Variable = name =>
                Variables.TryGetValue(name, out var value) ? value
                : name == KernelCache.Variable ? Cache
                : null,
            Torch = () => File,
            Driver = [File],
            NvrtcFolders = [],
            NvrtcNames = [File],
            Text = kernel => $"{kernel.Constants}\n{Text}\n",
            Tell = line =>
            {
                lock (Told)
                    Told.Add(line);
            },
        };

    /// <summary>What starts kernels on a device of this library, which has to be there.</summary>
    public KernelLauncher Launcher(int index = 0)
    {
        var answer = new CudaMachine(Surroundings()).Launcher(index);
        Assert.Null(answer.WhyNot);
        return answer.Value!;
    }

    /// <summary>Sets what the library answers.</summary>
    public void Set(string name, int value)
    {
        fixed (byte* text = Utf8(name))
            ((delegate* unmanaged<byte*, int, void>)Export("fake_set"))(text, value);
    }

    /// <summary>Makes the next calls of a function fail.</summary>
    public void Fail(string function, int result, int times = int.MaxValue)
    {
        fixed (byte* text = Utf8(function))
            ((delegate* unmanaged<byte*, int, int, void>)Export("fake_fail"))(text, result, times);
    }

    /// <summary>Says which parameters a kernel has: p for 8 bytes, f for 4.</summary>
    public void Signature(string kernel, string parameters)
    {
        fixed (
            byte* first = Utf8(kernel),
                second = Utf8(parameters)
        )
            ((delegate* unmanaged<byte*, byte*, void>)Export("fake_signature"))(first, second);
    }

    /// <summary>How often a function was called.</summary>
    public int Calls(string function)
    {
        fixed (byte* text = Utf8(function))
            return ((delegate* unmanaged<byte*, int>)Export("fake_calls"))(text);
    }

    /// <summary>The stream that libtorch says this thread works on.</summary>
    public void SetStream(nint stream) => ((delegate* unmanaged<nint, void>)Export("fake_stream"))(stream);

    /// <summary>This thread's current context.</summary>
    public nint CurrentContext
    {
        get => ((delegate* unmanaged<nint>)Export("fake_get_current"))();
        set => ((delegate* unmanaged<nint, void>)Export("fake_current"))(value);
    }

    /// <summary>All launches so far.</summary>
    public List<FakeLaunch> Launches()
    {
        var launches = new List<FakeLaunch>();
        FakeLaunch launch;
        while (((delegate* unmanaged<int, FakeLaunch*, int>)Export("fake_launch"))(launches.Count, &launch) != 0)
            launches.Add(launch);
        return launches;
    }

    /// <summary>All compilations and loaded modules so far.</summary>
    public List<string> Texts()
    {
        var texts = new List<string>();
        while (((delegate* unmanaged<int, byte*>)Export("fake_text"))(texts.Count) is var text && text is not null)
            texts.Add(Marshal.PtrToStringUTF8((nint)text)!);
        return texts;
    }

    /// <summary>What went into streams so far, in order.</summary>
    public List<string> Traces()
    {
        var traces = new List<string>();
        while (((delegate* unmanaged<int, byte*>)Export("fake_trace"))(traces.Count) is var text && text is not null)
            traces.Add(Marshal.PtrToStringUTF8((nint)text)!);
        return traces;
    }

    /// <summary>Number of streams and events that nobody has given back.</summary>
    public int Alive => ((delegate* unmanaged<int>)Export("fake_alive"))();

    /// <summary>Compiles a library of one's own.</summary>
    /// <returns>Whether it was compiled.</returns>
    public static bool Compile(string source, string library, params string[] options)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("g++", ["-std=c++17", "-O1", "-fPIC", "-shared", .. options, "-o", library, source, "-ldl"])
                {
                    RedirectStandardError = true,
                }
            )!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static string? Compile()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var folder = Directory.CreateTempSubdirectory("lowrank-fake-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        // Where tests have one in the place of NCCL, it includes the driver's.
        var sources = typeof(FakeCuda)
            .Assembly.GetManifestResourceNames()
            .Where(name => name is "FakeCuda.cpp" or "FakeNccl.cpp" or "NcclFacts.h")
            .Order(StringComparer.Ordinal)
            .ToList();
        foreach (var name in sources)
        {
            using var stream = typeof(FakeCuda).Assembly.GetManifestResourceStream(name)!;
            using var file = System.IO.File.Create(Path.Combine(folder.FullName, name));
            stream.CopyTo(file);
        }

        var source = sources.Contains("FakeNccl.cpp") ? "FakeNccl.cpp" : "FakeCuda.cpp";
        var library = Path.Combine(folder.FullName, "libcuda-fake.so");
        return Compile(Path.Combine(folder.FullName, source), library, "-fvisibility=hidden", "-Wall", "-Werror") ? library : null;
    }

    // In the file's list of names, and wherever else it stands: nobody finds it by its name any more.
    private static void Rename(Span<byte> file, string name)
    {
        var text = Encoding.UTF8.GetBytes($"\0{name}\0");
        var found = false;
        for (var at = file.IndexOf(text); at >= 0; at = file.IndexOf(text))
        {
            file[at + 1] = (byte)'-';
            found = true;
        }

        Assert.True(found, $"The library has no {name} to hide.");
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private void* Export(string name) => (void*)NativeLibrary.GetExport(library, name);
}

/// <summary>What the driver was handed.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FakeLaunch
{
    private fixed byte name[64];
    public nint Context;
    public nint Stream;
    public fixed uint Grid[3];
    public fixed uint Block[3];
    public uint Shared;
    public int Count;
    public fixed ulong Arguments[16];

    public string Name
    {
        get
        {
            fixed (byte* text = name)
                return Marshal.PtrToStringUTF8((nint)text)!;
        }
    }
}
