using System.Collections.Concurrent;

namespace LowRank.Cuda;

/// <summary>The GPUs of a machine, and what starts kernels on them. Each is looked at once, when it is first asked for.</summary>
/// <param name="surroundings">The machine and the process.</param>
internal sealed class CudaMachine(CudaSurroundings surroundings)
{
    /// <summary>The environment variable that switches the kernels off if it is 0.</summary>
    public const string Switch = "LOWRANK_CUDA_KERNELS";

    // The first cards with bfloat16, and the first CUDA that knows them.
    private static readonly CudaVersion OldestCard = new(8, 0);
    private static readonly CudaVersion OldestDriver = new(11, 0);

    private readonly Lazy<Answer<CudaDriver>> driver = new(() =>
        Ask(() => new CudaDriver(SharedLibrary.Load("the CUDA driver", surroundings.Driver)))
    );
    private readonly ConcurrentDictionary<int, Lazy<Answer<CudaDevice>>> devices = new();
    private readonly ConcurrentDictionary<int, Lazy<Answer<KernelLauncher>>> launchers = new();

    /// <summary>A device, or why there is none.</summary>
    /// <param name="index">Its index, from 0.</param>
    public Answer<CudaDevice> Device(int index) =>
        devices
            .GetOrAdd(index, static (index, machine) => new(() => Ask(() => new CudaDevice(machine.driver.Value.Required, index))), this)
            .Value;

    /// <summary>What starts kernels on a device, or why nothing does; the reason is told once.</summary>
    /// <param name="index">The device's index, from 0.</param>
    public Answer<KernelLauncher> Launcher(int index) =>
        launchers.GetOrAdd(index, static (index, machine) => new(() => machine.FindLauncher(index)), this).Value;

    /// <summary>What knows the streams that libtorch's threads work on, or why nothing does.</summary>
    public Answer<CudaStream> Stream() => Ask(() => new CudaStream(SharedLibrary.Load("libtorch", [Torch()])));

    /// <summary>Path of the library of libtorch that knows CUDA.</summary>
    /// <exception cref="NotSupportedException">This process has loaded none.</exception>
    public string Torch() => surroundings.Torch() ?? throw new NotSupportedException("this process has loaded a libtorch without CUDA");

    private Answer<KernelLauncher> FindLauncher(int index)
    {
        var answer = Ask(() => CreateLauncher(index));
        if (answer.WhyNot is { } reason)
            surroundings.Tell($"CUDA kernels are off for cuda:{index}: {reason}; {KernelMessages.Instead}.");
        return answer;
    }

    private KernelLauncher CreateLauncher(int index)
    {
        if (surroundings.Variable(Switch) == "0")
            throw new NotSupportedException($"{Switch} is 0");
        var stream = Stream().Required;
        var device = Device(index).Required;
        if (device.ComputeCapability < OldestCard)
        {
            throw new NotSupportedException(
                $"{device.Name} has compute capability {device.ComputeCapability}, and the kernels need {OldestCard}"
            );
        }

        if (device.DriverVersion < OldestDriver)
        {
            throw new NotSupportedException(
                $"the driver is too old: it supports CUDA {device.DriverVersion}, and the kernels need {OldestDriver}"
            );
        }

        var folders = surroundings.NvrtcFolders ?? NvrtcFiles.Folders(Torch(), surroundings.Variable);
        var nvrtc = NvrtcSearch.Load(surroundings.Variable(NvrtcSearch.Variable), folders, surroundings.NvrtcNames, device.DriverVersion);
        var architecture = KernelArchitecture.Of(nvrtc, device.ComputeCapability);
        var cache = new KernelCache(KernelCache.Folder(surroundings.Variable));
        return new KernelLauncher(device, stream, new KernelCompiler(nvrtc, architecture, cache), surroundings.Text, surroundings.Tell);
    }

    private static Answer<T> Ask<T>(Func<T> question)
        where T : class
    {
        try
        {
            return new(question(), null);
        }
        catch (Exception exception) when (exception is NotSupportedException or CudaException)
        {
            return new(null, exception.Message);
        }
    }

    /// <summary>Something that a machine has, or why it hasn't.</summary>
    internal sealed record Answer<T>(T? Value, string? WhyNot)
        where T : class
    {
        /// <summary>What the machine has.</summary>
        /// <exception cref="NotSupportedException">It hasn't.</exception>
        public T Required => Value ?? throw new NotSupportedException(WhyNot);
    }
}
