using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// The gradient of the residual stream in a backward pass: exact in the type of the parameters, to which the norms add, and rounded to the
/// type of the products, in which the sublayers' outputs get it. A norm leaves the rounded one in the pass in which it adds.
/// </summary>
internal sealed class StreamGradient : IDisposable
{
    private readonly ScalarType productType;
    private Tensor? rounded;
    private bool isRounded;
    private bool isShared;

    /// <summary>Begins with a gradient.</summary>
    /// <param name="exact"><c>[batch, sequence, width]</c>; stays the caller's and is changed in place.</param>
    /// <param name="tape">Knows the type of the products.</param>
    public StreamGradient(Tensor exact, Tape tape) => (Exact, productType) = (exact, tape.ProductType);

    /// <summary>The gradient, <c>[batch, sequence, width]</c>.</summary>
    public Tensor Exact { get; }

    /// <summary>Whether the products compute in another type.</summary>
    private bool IsMixed => Exact.dtype != productType;

    /// <summary>
    /// The gradient as the next sublayer's output gets it. It changes when a norm adds to <see cref="Exact"/>. The caller disposes it.
    /// </summary>
    public Tensor Upstream()
    {
        if (!IsMixed)
            return Exact.alias();
        var place = Place();
        if (!isRounded)
            place.copy_(Exact);
        isRounded = false;
        return place.alias();
    }

    /// <summary>
    /// A copy of the gradient for sublayers that all start from it, whatever the others add meanwhile, until <see cref="EndSharing"/>. The
    /// caller disposes it.
    /// </summary>
    public Tensor Share()
    {
        isShared = true;
        return ActivationMemory.Cast(Exact, productType);
    }

    /// <summary>Ends what <see cref="Share"/> began.</summary>
    public void EndSharing() => isShared = false;

    /// <summary>The backward pass of a sublayer's norm, or of the last one: adds to the gradient.</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="gradient">Gradient of its output.</param>
    /// <param name="tape">What its forward pass has left.</param>
    public void AddThrough(NormLayer norm, Tensor gradient, Tape tape)
    {
        isRounded = IsMixed && !isShared;
        norm.Backward(gradient, tape, Exact, isRounded ? Place() : null);
    }

    /// <summary>The backward pass of a sublayer that reads the stream as it is: adds to the gradient.</summary>
    /// <param name="gradient">Gradient of what the sublayer has read.</param>
    public void Add(Tensor gradient)
    {
        FusedOperations.For(Exact).Add(Exact, gradient);
        isRounded = false;
    }

    /// <inheritdoc/>
    public void Dispose() => rounded?.Dispose();

    private Tensor Place() => rounded ??= ActivationMemory.Empty(Exact.shape, productType, Exact.device).DetachFromDisposeScope();
}
