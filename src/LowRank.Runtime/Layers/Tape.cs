using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// What a recorded forward pass leaves for its backward pass, last in, first out, and the weights in the type in which products are
/// computed. One tape serves the micro-batches of one optimizer step, one after the other; the weights must not change meanwhile.
/// </summary>
public sealed class Tape : IDisposable
{
    private readonly Stack<Tensor> kept;
    private readonly Dictionary<Tensor, Tensor> casts;
    private readonly Dictionary<Tensor, Tensor> formed;
    private readonly bool ownsCasts;

    /// <summary>An empty tape.</summary>
    /// <param name="options">How the model was built.</param>
    internal Tape(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ProductType = options.EffectiveComputeType;
        kept = [];
        casts = new(ReferenceEqualityComparer.Instance);
        formed = new(ReferenceEqualityComparer.Instance);
        ownsCasts = true;
    }

    private Tape(ScalarType productType, Dictionary<Tensor, Tensor> casts, Dictionary<Tensor, Tensor> formed, DropoutKey? dropout)
    {
        ProductType = productType;
        kept = [];
        this.casts = casts;
        this.formed = formed;
        Dropout = dropout;
    }

    /// <summary>Type in which products are computed.</summary>
    internal ScalarType ProductType { get; }

    /// <summary>What the adapters' dropout is drawn from; to be set before each micro-batch where an adapter has any.</summary>
    public DropoutKey? Dropout { get; set; }

    /// <summary>Whether no backward pass follows: a forward pass that uses the recorded one's way through packed rows.</summary>
    internal bool IsForwardOnly { get; init; }

    /// <summary>
    /// The documents of the micro-batch's rows, which don't see each other; null where a row is one text. To be set before its forward
    /// pass, and left until its backward pass has ended.
    /// </summary>
    internal PackedDocuments? Documents { get; set; }

    /// <summary>
    /// What the gradient of a loss that every token has is multiplied by, 1 / tokens of the optimizer step: that of a sublayer with a loss
    /// of its own. 0 outside of training; then no such loss takes part, and no load is counted.
    /// </summary>
    internal double LossScale { get; set; }

    /// <summary>Stands for final norm and head among the blocks of <see cref="BlockDone"/>.</summary>
    internal const int BehindBlocks = int.MaxValue;

    /// <summary>
    /// Is told when a block's backward pass has added the gradients of its weights: its number, or <see cref="BehindBlocks"/> for final
    /// norm and head. Set for the last pass of a step, after which they are complete.
    /// </summary>
    internal Action<int>? BlockDone { get; set; }

    /// <summary>Number of tensors that wait for the backward pass.</summary>
    internal int Count => kept.Count;

    /// <summary>Keeps a tensor until the backward pass. It belongs to the tape from now on.</summary>
    /// <param name="tensor">The tensor.</param>
    internal void Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        kept.Push(tensor.DetachFromDisposeScope());
    }

    /// <summary>Keeps the memory of a tensor that stays the caller's.</summary>
    /// <param name="tensor">The tensor.</param>
    internal void KeepAlias(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Keep(tensor.alias());
    }

    /// <summary>Hands over the tensor kept last. The caller disposes it.</summary>
    /// <exception cref="InvalidOperationException">Nothing is kept: forward and backward passes don't match.</exception>
    internal Tensor Take() =>
        kept.TryPop(out var tensor)
            ? tensor
            : throw new InvalidOperationException("The tape is empty: a backward pass takes what a recorded forward pass has left, once.");

    /// <summary>
    /// A weight in the type of the products: the copy that is kept of it, or cast once for the life of the tape. The caller doesn't dispose
    /// it.
    /// </summary>
    /// <param name="weight">The weight.</param>
    /// <param name="type">The type of the products.</param>
    internal Tensor Weight(Tensor weight, ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.dtype == type)
            return weight;
        if (WeightCopies.Of(weight, type) is { } copy)
            return copy;
        if (!casts.TryGetValue(weight, out var cast))
        {
            cast = ActivationMemory.Cast(weight, type).DetachFromDisposeScope();
            casts.Add(weight, cast);
        }

        return cast;
    }

    /// <summary>What is computed from a weight alone, once for the life of the tape. It stays the tape's.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="form">Computes it, without a graph.</param>
    internal Tensor Formed(Tensor weight, Func<Tensor, Tensor> form)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(form);
        if (!formed.TryGetValue(weight, out var result))
        {
            using var noGradient = no_grad();
            result = form(weight).DetachFromDisposeScope();
            formed.Add(weight, result);
        }

        return result;
    }

    /// <summary>A tape of its own for a part of the pass, with the same weights.</summary>
    internal Tape Fork() =>
        new(ProductType, casts, formed, Dropout)
        {
            LossScale = LossScale,
            Documents = Documents,
            IsForwardOnly = IsForwardOnly,
        };

    /// <inheritdoc/>
    public void Dispose()
    {
        while (kept.TryPop(out var tensor))
            tensor.Dispose();
        if (!ownsCasts)
            return;
        foreach (var cast in casts.Values)
            cast.Dispose();
        foreach (var result in formed.Values)
            result.Dispose();
        casts.Clear();
        formed.Clear();
        ActivationMemory.EndStep();
    }
}
