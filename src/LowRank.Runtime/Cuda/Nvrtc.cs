using System.Runtime.InteropServices;

namespace LowRank.Cuda;

/// <summary>NVRTC, NVIDIA's compiler from CUDA C++ to what a GPU runs, as a library.</summary>
internal sealed unsafe class Nvrtc
{
    private const int CompilationError = 6;

    private readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> createProgram;
    private readonly delegate* unmanaged<nint, int, byte**, int> compileProgram;
    private readonly delegate* unmanaged<nint, nuint*, int> getLogSize;
    private readonly delegate* unmanaged<nint, byte*, int> getLog;
    private readonly delegate* unmanaged<nint, nuint*, int> getCubinSize;
    private readonly delegate* unmanaged<nint, byte*, int> getCubin;
    private readonly delegate* unmanaged<nint, nuint*, int> getPtxSize;
    private readonly delegate* unmanaged<nint, byte*, int> getPtx;
    private readonly delegate* unmanaged<nint*, int> destroyProgram;
    private readonly delegate* unmanaged<int, byte*> getErrorString;

    /// <summary>Finds the functions.</summary>
    /// <exception cref="NotSupportedException">One is missing: the library is older than CUDA 11.2.</exception>
    /// <exception cref="NvrtcException">It doesn't answer.</exception>
    public Nvrtc(SharedLibrary library)
    {
        createProgram = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)library.Function("nvrtcCreateProgram");
        compileProgram = (delegate* unmanaged<nint, int, byte**, int>)library.Function("nvrtcCompileProgram");
        getLogSize = (delegate* unmanaged<nint, nuint*, int>)library.Function("nvrtcGetProgramLogSize");
        getLog = (delegate* unmanaged<nint, byte*, int>)library.Function("nvrtcGetProgramLog");
        getCubinSize = (delegate* unmanaged<nint, nuint*, int>)library.Function("nvrtcGetCUBINSize");
        getCubin = (delegate* unmanaged<nint, byte*, int>)library.Function("nvrtcGetCUBIN");
        getPtxSize = (delegate* unmanaged<nint, nuint*, int>)library.Function("nvrtcGetPTXSize");
        getPtx = (delegate* unmanaged<nint, byte*, int>)library.Function("nvrtcGetPTX");
        destroyProgram = (delegate* unmanaged<nint*, int>)library.Function("nvrtcDestroyProgram");
        getErrorString = (delegate* unmanaged<int, byte*>)library.Function("nvrtcGetErrorString");
        var version = (delegate* unmanaged<int*, int*, int>)library.Function("nvrtcVersion");
        var countArchitectures = (delegate* unmanaged<int*, int>)library.Function("nvrtcGetNumSupportedArchs");
        var getArchitectures = (delegate* unmanaged<int*, int>)library.Function("nvrtcGetSupportedArchs");

        Name = library.Name;
        int major,
            minor,
            count;
        Check(version(&major, &minor), "nvrtcVersion");
        Version = new CudaVersion(major, minor);
        Check(countArchitectures(&count), "nvrtcGetNumSupportedArchs");
        var architectures = new int[count];
        fixed (int* first = architectures)
            Check(getArchitectures(first), "nvrtcGetSupportedArchs");
        Architectures = [.. architectures.Select(number => new CudaVersion(number / 10, number % 10))];
    }

    /// <summary>Name or path of the library.</summary>
    public string Name { get; }

    /// <summary>The CUDA that it belongs to.</summary>
    public CudaVersion Version { get; }

    /// <summary>The compute capabilities that it compiles for.</summary>
    public IReadOnlyList<CudaVersion> Architectures { get; }

    /// <summary>Compiles a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">What it is called in the compiler's log.</param>
    /// <param name="options">The compiler's options.</param>
    /// <param name="toPtx">To PTX, with a zero at its end; otherwise to a cubin.</param>
    /// <exception cref="NvrtcException">It doesn't compile; the message has the log.</exception>
    public byte[] Compile(string text, string fileName, IReadOnlyList<string> options, bool toPtx) =>
        Compile(text, fileName, options, toPtx, out _);

    /// <summary>The same, with the compiler's log.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">What it is called there.</param>
    /// <param name="options">The compiler's options.</param>
    /// <param name="toPtx">To PTX; otherwise to a cubin.</param>
    /// <param name="log">What the compiler says beside its result: warnings, and what options ask for.</param>
    public byte[] Compile(string text, string fileName, IReadOnlyList<string> options, bool toPtx, out string log)
    {
        List<nint> strings = [Marshal.StringToCoTaskMemUTF8(text), Marshal.StringToCoTaskMemUTF8(fileName)];
        nint program = 0;
        try
        {
            Check(createProgram(&program, (byte*)strings[0], (byte*)strings[1], 0, null, null), "nvrtcCreateProgram");
            var pointers = stackalloc byte*[options.Count];
            for (var index = 0; index < options.Count; index++)
            {
                strings.Add(Marshal.StringToCoTaskMemUTF8(options[index]));
                pointers[index] = (byte*)strings[^1];
            }

            var result = compileProgram(program, options.Count, pointers);
            if (result != 0)
                throw new NvrtcException(Meaning(result), Log(program), isAboutTheText: result == CompilationError);
            log = Log(program);
            return toPtx ? Output(program, getPtxSize, getPtx) : Output(program, getCubinSize, getCubin);
        }
        finally
        {
            if (program != 0)
                _ = destroyProgram(&program);
            foreach (var address in strings)
                Marshal.FreeCoTaskMem(address);
        }
    }

    private string Log(nint program)
    {
        nuint size;
        if (getLogSize(program, &size) != 0 || size == 0)
            return "";
        var log = new byte[size];
        fixed (byte* first = log)
            return getLog(program, first) == 0 ? Marshal.PtrToStringUTF8((nint)first)!.Trim() : "";
    }

    private byte[] Output(nint program, delegate* unmanaged<nint, nuint*, int> getSize, delegate* unmanaged<nint, byte*, int> get)
    {
        nuint size;
        Check(getSize(program, &size), "the size of NVRTC's output");
        var output = new byte[size];
        fixed (byte* first = output)
            Check(get(program, first), "NVRTC's output");
        return output;
    }

    private string Meaning(int result) => Marshal.PtrToStringUTF8((nint)getErrorString(result)) ?? $"error {result}";

    private void Check(int result, string what)
    {
        if (result != 0)
            throw new NvrtcException($"{what}: {Meaning(result)}", "", isAboutTheText: false);
    }
}
