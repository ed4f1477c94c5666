using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>What becomes of the head's products: <c>z = cap·tanh(scale·x/cap)</c>, or <c>scale·x</c> without a cap.</summary>
/// <param name="Scale">The factor.</param>
/// <param name="SoftCap">The cap; null for none.</param>
internal readonly record struct LogitForm(double Scale, double? SoftCap)
{
    /// <summary>Logits as they are.</summary>
    public static LogitForm Plain { get; } = new(1, null);

    /// <summary>Whether nothing becomes of them.</summary>
    public bool IsPlain => Scale == 1 && SoftCap is null;

    /// <summary>The logits of the head's products, differentiable: a new tensor, or another name of the same.</summary>
    /// <param name="products">x, of any shape.</param>
    public Tensor Apply(Tensor products)
    {
        if (SoftCap is not { } cap)
            return Scale == 1 ? products.alias() : products.Times(Scale);
        using var inner = products.Times(Scale / cap);
        using var bounded = inner.tanh();
        return bounded.Times(cap);
    }

    /// <summary><c>∂z/∂x = scale·(1 − (z/cap)²)</c>, of the logits: a new tensor.</summary>
    /// <param name="logits">z.</param>
    public Tensor Slope(Tensor logits)
    {
        if (SoftCap is not { } cap)
            return ones_like(logits).MultiplyInPlace(Scale);
        var square = logits.mul(logits);
        return square.MultiplyInPlace(-Scale / (cap * cap)).AddInPlace(Scale);
    }
}
