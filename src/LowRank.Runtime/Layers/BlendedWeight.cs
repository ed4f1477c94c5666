using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// The effective weight <c>E = αW + (1−α)UV</c> of a layer with a guide: formed once per optimizer step, outside autograd; its gradient is
/// projected onto W, U and V before the optimizer's step.
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="productType">The type in which products are computed.</param>
internal sealed class BlendedWeight(LowRankLinear layer, ScalarType productType) : IDisposable
{
    private Tensor? weight;
    private Tensor? copy;
    private Tensor? guideGradient;

    /// <summary>Whether the layer computes through E in this step.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>α of the last blend.</summary>
    public double Alpha { get; private set; }

    /// <summary>E: <c>[outputs, inputs]</c>, a leaf with its own gradient. Only while <see cref="IsUsed"/>.</summary>
    public Tensor Weight => weight!;

    /// <summary>Forms E, or leaves the step to the factors.</summary>
    /// <param name="guide">W: <c>[outputs, inputs]</c>.</param>
    /// <param name="alpha">α, in [0, 1].</param>
    /// <param name="drawn">Whether the guide takes part in this step.</param>
    public void Form(Tensor guide, double alpha, bool drawn)
    {
        IsUsed = drawn;
        if (!drawn)
            return;

        Alpha = alpha;
        using var noGradient = no_grad();
        if (weight is null)
        {
            weight = empty_like(guide).DetachFromDisposeScope();
            weight.requires_grad = true;
            if (guideGradient is not null)
                weight.grad = guideGradient;
            if (productType != weight.dtype)
                Keep(empty_like(guide, productType));
        }

        // (1−α) is multiplied into the small factor, since addmm takes its own factors in single precision only.
        using var scaledV = layer.V.Times(1 - alpha);
        using var u = layer.FoldedU();
        if (productType == weight.dtype)
        {
            weight.copy_(guide).MultiplyInPlace(alpha).addmm_(u, scaledV, 1, 1);
            return;
        }

        using var left = InProductType(u);
        using var right = InProductType(scaledV);
        using var product = ActivationMemory.Empty(weight.shape, productType, weight.device).addmm_(left, right, 0, 1);
        FusedOperations.For(weight).Blend(weight, guide, alpha, product, copy);
    }

    /// <summary>
    /// Adds <c>∂W = αG</c>, <c>∂U = (1−α)GVᵀ</c> and <c>∂V = (1−α)UᵀG</c> to the gradients of the parameters; G, the gradient of E, is
    /// used up.
    /// </summary>
    /// <param name="guide">W.</param>
    public void ProjectGradient(Tensor guide)
    {
        using var gradient = Weight.grad;
        if (gradient is null)
            return;

        using var noGradient = no_grad();
        using (var factor = InProductType(gradient))
        {
            using (var scaledV = layer.V.Times(1 - Alpha))
            using (var cast = InProductType(scaledV))
            using (var right = cast.t())
            using (var left = factor.t())
                GradientMemory.AddProduct(layer.U, left, right);
            using (var u = layer.FoldedU())
            using (var scaledU = u.Times(1 - Alpha))
            using (var left = InProductType(scaledU))
                GradientMemory.AddProduct(layer.V, left, factor);
        }

        gradient.MultiplyInPlace(Alpha);
        if (guideGradient is not null)
            return; // The guide's gradient is this very memory.
        using (var sum = GradientMemory.Of(guide))
            GradientMemory.Add(sum, gradient);
        gradient.zero_();
    }

    /// <summary>Forgets a gradient that is not to be projected.</summary>
    public void DropGradient()
    {
        using var noGradient = no_grad();
        using var gradient = weight?.grad;
        gradient?.zero_();
    }

    /// <summary>Lets G and the gradient of the guide share one memory: G is accumulated there and becomes ∂W in place.</summary>
    /// <param name="guide">W.</param>
    /// <param name="gradient"><c>[outputs, inputs]</c>. Stays the caller's.</param>
    public void ShareGradient(Tensor guide, Tensor gradient)
    {
        guideGradient?.Dispose();
        guideGradient = gradient.alias().DetachFromDisposeScope();
        guide.grad = guideGradient;
        if (weight is not null)
            weight.grad = guideGradient;
    }

    /// <summary>Moves E to another place, beside others.</summary>
    /// <param name="place"><c>[outputs, inputs]</c>.</param>
    /// <param name="copyPlace">The same for its copy in the type of the products; null where that is its own.</param>
    public void MoveTo(Tensor place, Tensor? copyPlace)
    {
        using var former = Weight;
        place.copy_(former);
        WeightCopies.Remove(former);
        weight = place.alias().DetachFromDisposeScope();
        weight.requires_grad = true;
        if (copyPlace is not null)
        {
            copyPlace.copy_(former);
            Keep(copyPlace.alias());
        }

        using var gradient = former.grad;
        weight.grad = gradient;
    }

    /// <summary>Leaves the layer to its factors from now on; the memory stays until <see cref="Dispose"/>.</summary>
    public void Leave() => IsUsed = false;

    /// <inheritdoc/>
    public void Dispose()
    {
        IsUsed = false;
        if (weight is not null)
            WeightCopies.Remove(weight);
        weight?.Dispose();
        copy?.Dispose();
        guideGradient?.Dispose();
        (weight, copy, guideGradient) = (null, null, null);
    }

    private void Keep(Tensor fresh)
    {
        copy?.Dispose();
        copy = fresh.DetachFromDisposeScope();
        WeightCopies.Set(Weight, copy);
    }

    private Tensor InProductType(Tensor tensor) =>
        tensor.dtype == productType ? tensor.alias() : ActivationMemory.Cast(tensor, productType);
}
