using LowRank.Training.Wording;
using static TorchSharp.torch;

namespace LowRank.Training.Runs;

/// <summary>The devices and precisions that a run may name.</summary>
internal static class Devices
{
    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InputException">The name is unknown, or the device isn't there.</exception>
    public static Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var parts = name.ToLowerInvariant().Split(':');
        if (parts is ["cpu"])
            return CPU;
        var index = 0;
        if (parts[0] != "cuda" || parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], out index)) || index < 0)
            throw new InputException($"There is no device '{name}'; use cpu, cuda or cuda:N.");
        if (!cuda.is_available())
        {
            throw InputException.Naming(
                $"Device '{name}' was asked for, but this build has no CUDA or the machine no usable GPU; build with -p:Torch=cuda-linux or -p:Torch=cuda-windows on a machine with an NVIDIA driver, or use {new OptionName(nameof(TrainingOptions.Device))} cpu."
            );
        }

        if (index >= cuda.device_count())
            throw new InputException($"Device '{name}' was asked for, but there are {cuda.device_count()} CUDA devices, counted from 0.");
        return new Device(TorchSharp.DeviceType.CUDA, index);
    }

    /// <summary>Reads <c>fp32</c> or <c>bf16</c>: the type in which the linear layers compute.</summary>
    /// <param name="precision">The name.</param>
    /// <exception cref="InputException">The name is unknown.</exception>
    public static ScalarType ComputeType(string precision) =>
        precision?.ToLowerInvariant() switch
        {
            "fp32" => ScalarType.Float32,
            "bf16" => ScalarType.BFloat16,
            _ => throw new InputException($"There is no precision '{precision}'; use fp32 or bf16."),
        };
}
