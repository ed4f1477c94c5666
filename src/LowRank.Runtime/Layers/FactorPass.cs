using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// The recorded pass <c>U·a(Vx) + b</c> through the factors, a the activation between them or nothing, and its backward pass.
/// </summary>
/// <param name="layer">The layer.</param>
internal sealed class FactorPass(LowRankLinear layer) : IDisposable
{
    private Tensor? innerGradient;

    /// <summary>Vx, or the activation of it, <c>[rows, rank]</c>: what U multiplies. It belongs to the tape.</summary>
    /// <param name="rows">x: <c>[rows, inputs]</c>.</param>
    /// <param name="tape">Keeps it.</param>
    public Tensor RecordInner(Tensor rows, Tape tape)
    {
        var inner = LinearLayer.Product(rows, layer.V, null, tape);
        if (layer.Factors.Activation is not { } activation)
        {
            tape.Keep(inner);
            return inner;
        }

        using (inner)
        {
            var activated = HiddenActivation.Record(activation, inner, tape);
            tape.Keep(activated);
            return activated;
        }
    }

    /// <summary>Adds ∂U and returns ∂x, new or added to a place; <see cref="AddFirstFactor"/> has to follow.</summary>
    /// <param name="gradient"><c>[rows, outputs]</c>.</param>
    /// <param name="tape">What <see cref="RecordInner"/> has left.</param>
    /// <param name="into"><c>[rows, inputs]</c>, or null.</param>
    public Tensor InputGradient(Tensor gradient, Tape tape, Tensor? into)
    {
        using var inner = tape.Take();
        GradientMemory.AddProduct(layer.U, gradient, inner);
        // Kept for the gradient of V, which needs the input.
        innerGradient = LinearLayer.InputGradientOf(gradient, layer.SecondFactor(tape), tape, into: null).DetachFromDisposeScope();
        if (layer.Factors.Activation is { } activation)
        {
            using var activatedGradient = innerGradient;
            innerGradient = HiddenActivation.Backward(activation, activatedGradient, tape).DetachFromDisposeScope();
        }

        return LinearLayer.InputGradientOf(innerGradient, layer.V, tape, into);
    }

    /// <summary>Adds ∂V.</summary>
    /// <param name="input">x: <c>[rows, inputs]</c>.</param>
    public void AddFirstFactor(Tensor input)
    {
        using (innerGradient)
            GradientMemory.AddProduct(layer.V, innerGradient!, input);
        innerGradient = null;
    }

    /// <inheritdoc/>
    public void Dispose() => innerGradient?.Dispose();
}
