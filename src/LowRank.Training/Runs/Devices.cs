using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace LowRank.Training.Runs;

/// <summary>The devices and precisions that a run may name.</summary>
internal static class Devices
{
    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>, and touches no device: another process may compute there.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InputException">The name is unknown, or the device isn't there.</exception>
    public static Device Parse(string name) => Parse(name, CudaFindings.Now);

    /// <summary>The same for what computes there: whether it can is tried.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InputException">The name is unknown, the device isn't there, or libtorch has no code for it.</exception>
    public static Device ForComputing(string name) => ForComputing(name, CudaFindings.Now, Compute);

    /// <summary>The same for what was found.</summary>
    internal static Device Parse(string name, Func<CudaFindings> find)
    {
        ArgumentNullException.ThrowIfNull(name);
        var parts = name.ToLowerInvariant().Split(':');
        if (parts is ["cpu"])
            return CPU;
        var index = 0;
        if (parts[0] != "cuda" || parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], out index)) || index < 0)
            throw new InputException($"There is no device '{name}'; use cpu, cuda or cuda:N.");
        if (CudaRefusal.Of(name, index, find()) is { } refusal)
            throw refusal;
        return new Device(TorchSharp.DeviceType.CUDA, index);
    }

    /// <summary>The same for what was found, and a first computation.</summary>
    internal static Device ForComputing(string name, Func<CudaFindings> find, Action<Device> compute)
    {
        var device = Parse(name, find);
        if (device.type == TorchSharp.DeviceType.CPU)
            return device;
        try
        {
            compute(device);
            return device;
        }
        catch (ExternalException exception)
        {
            throw CudaRefusal.CannotCompute(name, device.index, find(), exception.Message);
        }
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

    private static void Compute(Device device)
    {
        using var one = ones(1, device: device);
        using var two = one.mul(one);
        _ = two.item<float>();
    }
}
