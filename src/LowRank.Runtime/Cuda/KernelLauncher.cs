using System.Collections.Concurrent;

namespace LowRank.Cuda;

/// <summary>Starts kernels on one GPU. They are compiled when they are first needed, by one thread while others wait.</summary>
/// <param name="device">The GPU.</param>
/// <param name="stream">Asks libtorch for the current stream.</param>
/// <param name="compiler">Compiles for this kind of card.</param>
/// <param name="text">The whole text of a kernel.</param>
/// <param name="tell">Tells the user a line.</param>
internal sealed unsafe class KernelLauncher(
    CudaDevice device,
    CudaStream stream,
    KernelCompiler compiler,
    Func<KernelVariant, string> text,
    Action<string> tell
) : IKernelLauncher
{
    private const int WarpThreads = 32;
    private const int MostThreads = 1024;

    private readonly ConcurrentDictionary<KernelVariant, Lazy<LoadedKernel?>> kernels = new();

    // By their text: kernels that share one are compiled together.
    private readonly ConcurrentDictionary<string, Lazy<nint>> modules = new(StringComparer.Ordinal);
    private int compilerIsBroken;

    /// <summary>The GPU.</summary>
    public CudaDevice Device => device;

    /// <summary>What compiles for it.</summary>
    public KernelCompiler Compiler => compiler;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The grid has a negative number of blocks, or no whole number of warps.</exception>
    /// <exception cref="CudaException">The kernel can't be started, or one before it has failed: what the device holds may be lost.
    /// </exception>
    public bool Launch(in KernelVariant kernel, in KernelGrid grid, params ReadOnlySpan<KernelArgument> arguments)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(grid.Blocks, nameof(grid));
        if (grid.Threads is <= 0 or > MostThreads || grid.Threads % WarpThreads != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(grid),
                grid.Threads,
                $"A block has a multiple of {WarpThreads} threads, up to {MostThreads}."
            );
        }

        if (Find(kernel) is not { } found || !Fits(kernel, found, grid))
            return false;
        // Nothing to do, which the driver would refuse.
        if (grid.Blocks == 0)
            return true;
        Start(kernel, found, grid, arguments);
        return true;
    }

    private void Start(in KernelVariant kernel, LoadedKernel found, in KernelGrid grid, ReadOnlySpan<KernelArgument> arguments)
    {
        var pointers = stackalloc void*[arguments.Length];
        fixed (KernelArgument* first = arguments)
        {
            for (var index = 0; index < arguments.Length; index++)
                pointers[index] = first + index;
            try
            {
                var current = stream.Current(device.Index);
                using var context = device.Use();
                device.Driver.Launch(found.Function, (uint)grid.Blocks, (uint)grid.Threads, current, pointers);
            }
            catch (CudaException exception)
            {
                throw new CudaException(
                    $"The kernel {kernel.Name} ({kernel.Constants}), {grid.Blocks} blocks of {grid.Threads} threads, could not be started on "
                        + $"cuda:{device.Index} ({device.Name}): {exception.Message}. An earlier operation may have failed, too; what the "
                        + "device holds may be lost.",
                    exception.ErrorCode
                );
            }
        }
    }

    private LoadedKernel? Find(in KernelVariant kernel)
    {
        if (!kernels.TryGetValue(kernel, out var found))
            found = kernels.GetOrAdd(kernel, static (kernel, launcher) => new(() => launcher.Load(kernel)), this);
        return found.Value;
    }

    private LoadedKernel? Load(KernelVariant kernel)
    {
        try
        {
            var whole = text(kernel);
            var module = modules.GetOrAdd(whole, whole => new(() => LoadModule(kernel, whole))).Value;
            using var context = device.Use();
            var function = device.Driver.Function(module, kernel.Name);
            return new LoadedKernel(function, device.Driver.MaxThreads(function));
        }
        catch (NvrtcException exception) when (!exception.IsAboutTheText)
        {
            if (Interlocked.Exchange(ref compilerIsBroken, 1) == 0)
                Tell($"CUDA kernels can't be compiled by NVRTC {compiler.Nvrtc.Version} ({compiler.Nvrtc.Name}): {exception.FirstError}");
            return null;
        }
        catch (NvrtcException exception)
        {
            Tell($"the CUDA kernel {Name(kernel)} doesn't compile: {exception.FirstError}");
            return null;
        }
        catch (CudaException exception)
        {
            Tell($"the CUDA kernel {Name(kernel)} can't be loaded: {exception.Message}");
            return null;
        }
    }

    private nint LoadModule(in KernelVariant kernel, string whole)
    {
        var image = compiler.Get(kernel, whole, out var isKept);
        using var context = device.Use();
        try
        {
            return device.Driver.LoadModule(image);
        }
        catch (CudaException) when (isKept)
        {
            // Whole, but not what this driver takes.
            return device.Driver.LoadModule(compiler.Compile(kernel, whole));
        }
    }

    private bool Fits(in KernelVariant kernel, LoadedKernel found, in KernelGrid grid)
    {
        if (grid.Blocks <= int.MaxValue && grid.Threads <= found.MaxThreads)
            return true;
        if (found.IsFirstRefusal())
        {
            Tell(
                $"the CUDA kernel {Name(kernel)} can't run {grid.Blocks} blocks of {grid.Threads} threads (at most {int.MaxValue} of "
                    + $"{found.MaxThreads})"
            );
        }

        return false;
    }

    private void Tell(string what) =>
        tell($"cuda:{device.Index}: {what}; {KernelMessages.Instead}. {CudaMachine.Switch}=0 switches the kernels off.");

    private static string Name(in KernelVariant kernel) => $"{kernel.Name} of {kernel.File}.cu ({kernel.Constants})";

    private sealed class LoadedKernel(nint function, int maxThreads)
    {
        private int refusals;

        public nint Function => function;

        public int MaxThreads => maxThreads;

        public bool IsFirstRefusal() => Interlocked.Increment(ref refusals) == 1;
    }
}
