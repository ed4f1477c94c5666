using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// AdamW with decoupled weight decay (Loshchilov and Hutter, 2019) and clipping by the norm of the whole gradient, over flat buffers.
/// On the CPU in one fused pass that also clears the gradients; elsewhere with tensor operations.
/// </summary>
/// <param name="parameters">The parameters.</param>
/// <param name="options">The constants.</param>
public sealed class AdamW(FlatParameters parameters, AdamWOptions options)
{
    /// <summary>The parameters.</summary>
    public FlatParameters Parameters { get; } = parameters;

    /// <summary>Clips, updates the parameters that took part in the step, and clears their gradients.</summary>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <returns>Norm of the whole gradient before clipping.</returns>
    public double Step(double learningRate)
    {
        var active = Parameters.Buffers.Where(buffer => buffer.IsActive).ToList();
        foreach (var buffer in active)
            buffer.Updates++;
        var fused = active.TrueForAll(buffer => buffer.Values.device_type == DeviceType.CPU && buffer.Values.dtype == ScalarType.Float32);
        return fused
            ? FusedAdamWKernel.Step(active, options, learningRate)
            : TensorAdamWKernel.Step(active, options, learningRate);
    }
}
