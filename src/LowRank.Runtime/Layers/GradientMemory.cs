using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Adds to the gradients of parameters, in their own memory and type. What is frozen gets none, and no product is formed for it.
/// </summary>
internal static class GradientMemory
{
    /// <summary>The gradient of a leaf, allocated as zeros if there is none. The caller disposes the wrapper.</summary>
    public static Tensor Of(Tensor leaf)
    {
        if (leaf.grad is { } gradient)
            return gradient;
        var fresh = zeros_like(leaf, requires_grad: false);
        leaf.grad = fresh;
        return fresh;
    }

    /// <summary>Adds <c>leftᵀ·right</c>.</summary>
    /// <param name="leaf">The parameter: <c>[m, n]</c>.</param>
    /// <param name="left"><c>[rows, m]</c>.</param>
    /// <param name="right"><c>[rows, n]</c>.</param>
    public static void AddProduct(Tensor leaf, Tensor left, Tensor right)
    {
        if (!leaf.requires_grad)
            return;
        using var gradient = Of(leaf);
        AddProductTo(gradient, left, right);
    }

    /// <summary>Adds <c>leftᵀ·right</c> to a gradient.</summary>
    /// <param name="gradient"><c>[m, n]</c>.</param>
    /// <param name="left"><c>[rows, m]</c>.</param>
    /// <param name="right"><c>[rows, n]</c>.</param>
    public static void AddProductTo(Tensor gradient, Tensor left, Tensor right)
    {
        using var transposed = left.t();
        if (gradient.dtype == left.dtype)
        {
            gradient.addmm_(transposed, right, 1, 1);
            return;
        }

        if (Products.AddTransposed(gradient, left, right))
            return;
        using var product = ActivationMemory
            .Empty([left.shape[1], right.shape[1]], left.dtype, left.device)
            .addmm_(transposed, right, 0, 1);
        Add(gradient, product);
    }

    /// <summary>Adds the sum over the rows.</summary>
    /// <param name="leaf">The parameter: <c>[n]</c>.</param>
    /// <param name="rows"><c>[rows, n]</c>.</param>
    public static void AddSum(Tensor leaf, Tensor rows)
    {
        if (!leaf.requires_grad)
            return;
        using var gradient = Of(leaf);
        using var sum = rows.sum([0L], type: gradient.dtype);
        gradient.AddInPlace(sum);
    }

    /// <summary>Adds a tensor of the same shape, whatever its type.</summary>
    public static void Add(Tensor sum, Tensor addend) => FusedOperations.For(sum).Add(sum, addend);
}
