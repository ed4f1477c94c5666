using LowRank.Kernels;
using LowRank.Tests.Emulation;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>An operation on certain tensors and what must come of it.</summary>
/// <param name="Name">Its sizes and types.</param>
/// <param name="Body">Runs it and compares; its last argument is what the allowed error is multiplied by.</param>
internal sealed record KernelCase(string Name, Action<IFusedOperations, GuardedMemory, double> Body)
{
    /// <summary>Few, so that a thread has row after row in small tensors, too; more where many blocks are to be summed.</summary>
    public int ThreadsAtOnce { get; init; } = 1024;

    /// <summary>Runs it with the kernels.</summary>
    public void Run(EmulatedLauncher launcher)
    {
        Run(memory => Operations(launcher, memory), looseness: 1);
        // Otherwise libtorch may have been tested.
        Assert.NotEqual(0, launcher.Count);
    }

    /// <summary>Runs it.</summary>
    /// <param name="operations">By whatever is to be tested.</param>
    /// <param name="looseness">What the allowed error is multiplied by.</param>
    public void Run(Func<GuardedMemory, IFusedOperations> operations, double looseness)
    {
        using var scope = NewDisposeScope();
        using var memory = new GuardedMemory();
        Body(operations(memory), memory, looseness);
        memory.AssertIntact();
    }

    /// <summary>What it would run.</summary>
    public IEnumerable<LowRank.Cuda.KernelVariant> Kernels()
    {
        using var scope = NewDisposeScope();
        using var memory = new GuardedMemory();
        var launcher = new RecordingLauncher();
        try
        {
            Body(Operations(launcher, memory), memory, 1);
        }
        catch (Exception exception) when (exception is Xunit.Sdk.XunitException)
        {
            // Nothing was computed, so nothing is right.
        }

        return launcher.Kernels;
    }

    private CudaOperations Operations(LowRank.Cuda.IKernelLauncher launcher, GuardedMemory memory) =>
        new(launcher) { Allocate = memory.Empty, ThreadsAtOnce = ThreadsAtOnce };

    public override string ToString() => Name;
}
