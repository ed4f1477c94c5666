using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// Clipping by the norm of the whole gradient. On the CPU the norm is known at once; elsewhere norm and factor stay on the device, so
/// that nobody waits for it.
/// </summary>
public sealed class GradientClip : IDisposable
{
    // As torch.nn.utils.clip_grad_norm_ has it.
    private const double Smallest = 1e-6;

    private readonly double? factor;
    private readonly Tensor? deviceFactor;

    private GradientClip(Tensor norm, double? factor, Tensor? deviceFactor)
    {
        Norm = norm;
        this.factor = factor;
        this.deviceFactor = deviceFactor;
    }

    /// <summary>Norm of the whole gradient before clipping: a float64 scalar on the parameters' device.</summary>
    internal Tensor Norm { get; }

    /// <summary>Measures the gradient.</summary>
    /// <param name="buffers">The buffers that take part in the step.</param>
    /// <param name="largest">Norm to which a larger one is scaled down.</param>
    internal static GradientClip Of(IReadOnlyList<FlatBuffer> buffers, double largest)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        if (FusedAdamWKernel.Takes(buffers))
        {
            var norm = Math.Sqrt(FusedAdamWKernel.SumOfSquares(buffers));
            return new GradientClip(tensor(norm, ScalarType.Float64), Math.Min(1, largest / (norm + Smallest)), null);
        }

        using var scope = NewDisposeScope();
        // One reduction per buffer, without a temporary of its size; the sums are added in double precision.
        var norms = buffers.Select(buffer => buffer.Gradients.norm().to(ScalarType.Float64)).ToArray();
        var whole = stack(norms).norm();
        var clip = whole.Plus(Smallest).reciprocal_().MultiplyInPlace(largest).LimitInPlace(1);
        return new GradientClip(whole.MoveToOuterDisposeScope(), null, clip.MoveToOuterDisposeScope());
    }

    /// <summary>Whether <see cref="OnHost"/> can be asked for.</summary>
    internal bool IsOnHost => factor is not null;

    /// <summary>The factor, for a kernel on the CPU.</summary>
    /// <exception cref="InvalidOperationException">The factor is on a device.</exception>
    internal float OnHost => (float)(factor ?? throw new InvalidOperationException("The factor is on the device."));

    /// <summary>What gradients have to be divided by: a new float32 scalar on the device.</summary>
    internal Tensor Divisor()
    {
        if (deviceFactor is null)
            return tensor((float)(1 / OnHost));
        using var divisor = deviceFactor.reciprocal();
        return divisor.to(ScalarType.Float32);
    }

    /// <summary>Multiplies gradients by the factor, in place.</summary>
    /// <param name="gradients">Any shape.</param>
    public void Apply(Tensor gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (deviceFactor is not null)
            gradients.mul_(deviceFactor);
        else if (factor != 1)
            gradients.MultiplyInPlace(factor!.Value);
    }

    /// <summary>Frees norm and factor.</summary>
    public void Dispose()
    {
        Norm.Dispose();
        deviceFactor?.Dispose();
    }
}
