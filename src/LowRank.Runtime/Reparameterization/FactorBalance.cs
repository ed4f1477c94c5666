using static TorchSharp.torch;

namespace LowRank.Reparameterization;

/// <summary>
/// Rewrites two factors so that both have the same singular values, their product unchanged: with <c>U = Q₁R₁</c>, <c>Vᵀ = Q₂R₂</c> and
/// <c>R₁R₂ᵀ = PSQᵀ</c>, <c>U = Q₁P√S</c> and <c>V = √S·Qᵀ·Q₂ᵀ</c>. Nothing larger than the factors is formed. In double precision.
/// </summary>
internal static class FactorBalance
{
    /// <summary>Balances a pair.</summary>
    /// <param name="u">U: <c>[outputs, rank]</c>.</param>
    /// <param name="v">V: <c>[rank, inputs]</c>.</param>
    /// <returns>The balanced factors in double precision. The caller disposes both.</returns>
    public static (Tensor U, Tensor V) Of(Tensor u, Tensor v)
    {
        ArgumentNullException.ThrowIfNull(u);
        ArgumentNullException.ThrowIfNull(v);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (leftBasis, leftRest) = linalg.qr(u.to(ScalarType.Float64));
        var (rightBasis, rightRest) = linalg.qr(v.to(ScalarType.Float64).t());
        var (p, values, q) = linalg.svd(leftRest.mm(rightRest.t()), fullMatrices: false);
        var root = values.sqrt();
        var balancedU = leftBasis.mm(p * root);
        var balancedV = (q * root.unsqueeze(1)).mm(rightBasis.t());
        return (balancedU.MoveToOuterDisposeScope(), balancedV.MoveToOuterDisposeScope());
    }

    /// <summary>Matrix-product FLOPs of one balancing, <c>2r³ + 2r²(m+n)</c>; the decompositions are not counted, as no other is.</summary>
    /// <param name="outputs">m.</param>
    /// <param name="inputs">n.</param>
    /// <param name="rank">r.</param>
    public static long Flops(long outputs, long inputs, long rank) => Costs.FactorUpkeepFormula.Rebalance(outputs, inputs, rank);
}
