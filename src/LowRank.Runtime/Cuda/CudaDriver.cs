using System.Runtime.InteropServices;

namespace LowRank.Cuda;

/// <summary>
/// The functions of the CUDA driver that loading and starting a kernel take. A result that isn't success is an exception.
/// </summary>
internal sealed unsafe class CudaDriver
{
    // CUjit_option: where the driver writes what is wrong with PTX, and how much room there is.
    private const int JitErrorLog = 5;
    private const int JitErrorLogSize = 6;
    private const int LogSize = 4096;

    private const int MaxThreadsPerBlock = 0;

    private readonly delegate* unmanaged<int*, int> driverGetVersion;
    private readonly delegate* unmanaged<int*, int, int> deviceGet;
    private readonly delegate* unmanaged<byte*, int, int, int> deviceGetName;
    private readonly delegate* unmanaged<int*, int, int, int> deviceGetAttribute;
    private readonly delegate* unmanaged<nint*, int, int> primaryContextRetain;
    private readonly delegate* unmanaged<nint*, int> contextGetCurrent;
    private readonly delegate* unmanaged<nint, int> contextSetCurrent;
    private readonly delegate* unmanaged<nint*, void*, uint, int*, void**, int> moduleLoadData;
    private readonly delegate* unmanaged<nint*, nint, byte*, int> moduleGetFunction;
    private readonly delegate* unmanaged<int*, int, nint, int> functionGetAttribute;
    private readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> launchKernel;
    private readonly delegate* unmanaged<nuint*, nuint*, int> memoryGetInfo;
    private readonly delegate* unmanaged<int, byte**, int> getErrorName;
    private readonly delegate* unmanaged<int, byte**, int> getErrorString;

    /// <summary>Finds the functions and initializes the driver; libtorch has done so already, and twice does no harm.</summary>
    /// <exception cref="NotSupportedException">A function is missing.</exception>
    /// <exception cref="CudaException">The driver has no device, or doesn't work.</exception>
    public CudaDriver(SharedLibrary library)
    {
        var initialize = (delegate* unmanaged<uint, int>)library.Function("cuInit");
        driverGetVersion = (delegate* unmanaged<int*, int>)library.Function("cuDriverGetVersion");
        deviceGet = (delegate* unmanaged<int*, int, int>)library.Function("cuDeviceGet");
        deviceGetName = (delegate* unmanaged<byte*, int, int, int>)library.Function("cuDeviceGetName");
        deviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)library.Function("cuDeviceGetAttribute");
        primaryContextRetain = (delegate* unmanaged<nint*, int, int>)library.Function("cuDevicePrimaryCtxRetain");
        contextGetCurrent = (delegate* unmanaged<nint*, int>)library.Function("cuCtxGetCurrent");
        contextSetCurrent = (delegate* unmanaged<nint, int>)library.Function("cuCtxSetCurrent");
        moduleLoadData = (delegate* unmanaged<nint*, void*, uint, int*, void**, int>)library.Function("cuModuleLoadDataEx");
        moduleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)library.Function("cuModuleGetFunction");
        functionGetAttribute = (delegate* unmanaged<int*, int, nint, int>)library.Function("cuFuncGetAttribute");
        launchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)
            library.Function("cuLaunchKernel");
        memoryGetInfo = (delegate* unmanaged<nuint*, nuint*, int>)library.Function("cuMemGetInfo_v2");
        getErrorName = (delegate* unmanaged<int, byte**, int>)library.Function("cuGetErrorName");
        getErrorString = (delegate* unmanaged<int, byte**, int>)library.Function("cuGetErrorString");
        Events = new CudaEvents(this, library);
        Check(initialize(0), "cuInit");
        var version = 0;
        Check(driverGetVersion(&version), "cuDriverGetVersion");
        Version = new CudaVersion(version / 1000, version % 1000 / 10);
    }

    /// <summary>The newest CUDA that the driver supports.</summary>
    public CudaVersion Version { get; }

    /// <summary>Its streams and events.</summary>
    public CudaEvents Events { get; }

    /// <summary>The context that is current on this thread; 0 if none is.</summary>
    public nint CurrentContext
    {
        get
        {
            nint context = 0;
            Check(contextGetCurrent(&context), "cuCtxGetCurrent");
            return context;
        }
        set => Check(contextSetCurrent(value), "cuCtxSetCurrent");
    }

    /// <summary>The device of an index.</summary>
    public int Device(int index)
    {
        int device;
        Check(deviceGet(&device, index), "cuDeviceGet");
        return device;
    }

    /// <summary>A device's name.</summary>
    public string Name(int device)
    {
        const int Length = 256;
        var name = stackalloc byte[Length];
        Check(deviceGetName(name, Length, device), "cuDeviceGetName");
        return Text(name);
    }

    /// <summary>A number that describes a device.</summary>
    public int Attribute(int device, CudaAttribute attribute)
    {
        int value;
        Check(deviceGetAttribute(&value, (int)attribute, device), "cuDeviceGetAttribute");
        return value;
    }

    /// <summary>The context of a device that libtorch uses too. It is kept until the process ends.</summary>
    public nint PrimaryContext(int device)
    {
        nint context;
        Check(primaryContextRetain(&context, device), "cuDevicePrimaryCtxRetain");
        return context;
    }

    /// <summary>Loads what a compiler has left into the current context.</summary>
    /// <param name="image">A cubin, or PTX with a zero at its end.</param>
    public nint LoadModule(ReadOnlySpan<byte> image)
    {
        nint module;
        var log = stackalloc byte[LogSize];
        log[0] = 0;
        var options = stackalloc int[] { JitErrorLog, JitErrorLogSize };
        var values = stackalloc void*[] { log, (void*)LogSize };
        int result;
        fixed (byte* data = image)
            result = moduleLoadData(&module, data, 2, options, values);
        log[LogSize - 1] = 0;
        var complaint = Text(log);
        Check(result, complaint.Length == 0 ? "cuModuleLoadDataEx" : $"cuModuleLoadDataEx: {complaint}");
        return module;
    }

    /// <summary>A kernel of a module.</summary>
    public nint Function(nint module, string name)
    {
        nint function;
        var text = Marshal.StringToCoTaskMemUTF8(name);
        try
        {
            Check(moduleGetFunction(&function, module, (byte*)text), $"cuModuleGetFunction of {name}");
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }

        return function;
    }

    /// <summary>How many threads a block of a kernel can have: its registers and shared memory bound them.</summary>
    public int MaxThreads(nint function)
    {
        int threads;
        Check(functionGetAttribute(&threads, MaxThreadsPerBlock, function), "cuFuncGetAttribute");
        return threads;
    }

    /// <summary>Starts a kernel in the current context.</summary>
    /// <param name="function">The kernel.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="arguments">Where its arguments lie.</param>
    public void Launch(nint function, uint blocks, uint threads, nint stream, void** arguments) =>
        Check(launchKernel(function, blocks, 1, 1, threads, 1, 1, 0, stream, arguments, null), "cuLaunchKernel");

    /// <summary>Bytes of the current context's device: free ones, and all.</summary>
    public CudaMemory Memory()
    {
        nuint free,
            total;
        Check(memoryGetInfo(&free, &total), "cuMemGetInfo");
        return new CudaMemory((long)free, (long)total);
    }

    /// <summary>Turns what a function of the driver has returned into an exception, unless it is success.</summary>
    public void Check(int result, string function)
    {
        if (result == 0)
            return;
        // A result that a driver doesn't know has no name.
        byte* name = null,
            meaning = null;
        _ = getErrorName(result, &name);
        _ = getErrorString(result, &meaning);
        throw new CudaException($"{function} failed: {(name is null ? $"error {result}" : $"{Text(name)}, {Text(meaning)}")}", result);
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text)?.Trim() ?? "";
}
