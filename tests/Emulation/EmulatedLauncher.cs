using LowRank.Cuda;

namespace LowRank.Tests.Emulation;

/// <summary>Runs the kernels' own text on the CPU, over tensors in its memory.</summary>
/// <param name="order">In which order threads take their turns.</param>
/// <param name="text">The text of a kernel; null: as it is.</param>
internal sealed class EmulatedLauncher(ThreadOrder order = ThreadOrder.Ascending, Func<KernelVariant, string>? text = null)
    : IKernelLauncher
{
    private static readonly Dictionary<KernelVariant, string> Texts = [];

    /// <summary>Kernels that can't be had, by their names.</summary>
    public HashSet<string> Missing { get; } = [];

    /// <summary>How many were run.</summary>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public bool Launch(in KernelVariant kernel, in KernelGrid grid, params ReadOnlySpan<KernelArgument> arguments)
    {
        if (Missing.Contains(kernel.Name))
            return false;
        if (grid.Threads % 32 != 0 || grid.Threads is < 32 or > 1024 || grid.Blocks is < 1 or > int.MaxValue)
            throw new EmulationException($"{kernel.Name} can't have {grid.Blocks} blocks of {grid.Threads} threads");
        Count++;
        if (EmulatedKernels.Run(kernel, text?.Invoke(kernel) ?? TextOf(kernel), grid, order, arguments) is { } wrong)
            throw new EmulationException($"{kernel.Name} ({kernel.Constants}): {wrong}");
        return true;
    }

    private static string TextOf(in KernelVariant kernel)
    {
        lock (Texts)
        {
            if (!Texts.TryGetValue(kernel, out var text))
                Texts[kernel] = text = KernelText.Of(kernel);
            return text;
        }
    }
}
