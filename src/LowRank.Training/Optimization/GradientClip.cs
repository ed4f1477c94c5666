using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>Clipping by the norm of the whole gradient. Norm and factor stay on the device, so that nobody waits for them.</summary>
public sealed class GradientClip : IDisposable
{
    // As torch.nn.utils.clip_grad_norm_ has it.
    private const double Smallest = 1e-6;

    private GradientClip(Tensor norm, Tensor factor) => (Norm, Factor) = (norm, factor);

    /// <summary>Norm of the whole gradient before clipping: a float64 scalar on the parameters' device.</summary>
    internal Tensor Norm { get; }

    /// <summary>What the gradients are multiplied by: a float64 scalar on the parameters' device.</summary>
    internal Tensor Factor { get; }

    /// <summary>Measures the gradient.</summary>
    /// <param name="gradients">What takes part in the step, or this rank's part of it.</param>
    /// <param name="largest">Norm to which a larger one is scaled down.</param>
    /// <param name="reduction">Adds the other ranks' parts; null in a process alone.</param>
    internal static GradientClip Of(IReadOnlyList<Tensor> gradients, double largest, GradientReduction? reduction = null)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        using var scope = NewDisposeScope();
        // A rank may have no part.
        var parts = gradients.Where(gradient => gradient.NumberOfElements > 0).ToList();
        var norm = parts.Count > 0 ? FusedOperations.For(parts[0]).Norm(parts) : zeros(1, ScalarType.Float64, gradients[0].device).view([]);
        if (reduction is { IsSharded: true })
        {
            norm = norm.mul(norm);
            reduction.Sum(norm);
            norm = norm.sqrt();
        }

        // Filled there: a copy from the host would wait for the device.
        var limit = empty_like(norm).FillInPlace(largest);
        var shifted = norm.Plus(Smallest);
        var factor = limit.div(shifted).LimitInPlace(1);
        return new GradientClip(norm.DetachFromDisposeScope(), factor.MoveToOuterDisposeScope());
    }

    /// <summary>Multiplies gradients by the factor, in place.</summary>
    /// <param name="gradients">Any shape.</param>
    public void Apply(Tensor gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        FusedOperations.For(gradients).Scale(gradients, Factor);
    }

    /// <summary>Frees norm and factor.</summary>
    public void Dispose()
    {
        Norm.Dispose();
        Factor.Dispose();
    }
}
