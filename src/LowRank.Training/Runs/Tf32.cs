using LowRank.Training.Wording;
using static TorchSharp.torch;

namespace LowRank.Training.Runs;

/// <summary>
/// TensorFloat-32 for the products of 32-bit floats on CUDA, which rounds their factors to 10 bits of fraction: a setting of libtorch, and
/// so of the whole process. Where nobody asks for it, it stays as it is; a program may have set it.
/// </summary>
internal sealed class Tf32 : IDisposable
{
    private readonly bool inProducts = backends.cuda.matmul.allow_tf32;
    private readonly bool inConvolutions = backends.cudnn.allow_tf32;

    private Tf32() { }

    /// <summary>Turns it on for the rest of the process.</summary>
    public static void TurnOn() => Set(true, true);

    /// <summary>Turns it on until the result is disposed.</summary>
    /// <param name="isWanted">Whether it is asked for; else nothing is changed.</param>
    public static IDisposable? During(bool isWanted)
    {
        if (!isWanted)
            return null;
        var before = new Tf32();
        TurnOn();
        return before;
    }

    /// <summary>Refuses it where nothing would compute so.</summary>
    /// <param name="isWanted">Whether it is asked for.</param>
    /// <param name="device">The device's name.</param>
    /// <exception cref="InputException">The device is the CPU.</exception>
    public static void RefuseOnCpu(bool isWanted, string device)
    {
        if (isWanted && string.Equals(device, "cpu", StringComparison.OrdinalIgnoreCase))
        {
            throw InputException.Naming(
                $"{new OptionName(nameof(TrainingOptions.Tf32))} is about products on CUDA, and {new OptionName(nameof(TrainingOptions.Device))} is cpu; leave it out, or choose a GPU."
            );
        }
    }

    /// <summary>Sets it back.</summary>
    public void Dispose() => Set(inProducts, inConvolutions);

    private static void Set(bool inProducts, bool inConvolutions)
    {
        backends.cuda.matmul.allow_tf32 = inProducts;
        backends.cudnn.allow_tf32 = inConvolutions;
    }
}
