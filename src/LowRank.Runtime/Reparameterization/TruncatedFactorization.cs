using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Reparameterization;

/// <summary>
/// The best approximation of a full-size weight by two factors of a given rank, its singular values split evenly between them:
/// <c>W = PSQᵀ → U = P_r√S_r, V = √S_r·Q_rᵀ</c>. The squared error ‖W − UV‖² is the sum of the squared singular values left out
/// (Eckart–Young). Computed in double precision.
/// </summary>
internal sealed class TruncatedFactorization : IDisposable
{
    private TruncatedFactorization(Tensor u, Tensor v, double squaredNorm, double squaredError)
    {
        (U, V) = (u, v);
        (SquaredNorm, SquaredError) = (squaredNorm, squaredError);
    }

    /// <summary>U: <c>[outputs, rank]</c>, with the weight's type and device.</summary>
    public Tensor U { get; }

    /// <summary>V: <c>[rank, inputs]</c>, with the weight's type and device.</summary>
    public Tensor V { get; }

    /// <summary>‖W‖², the sum of all squared singular values.</summary>
    public double SquaredNorm { get; }

    /// <summary>‖W − UV‖² before U and V are rounded to the weight's type: the sum of the squared singular values left out.</summary>
    public double SquaredError { get; }

    /// <summary>‖W − UV‖ / ‖W‖, in [0, 1]; 0 for a weight of zeros.</summary>
    public double RelativeError => SquaredNorm > 0 ? Math.Sqrt(Math.Min(1, SquaredError / SquaredNorm)) : 0;

    /// <summary>Factors a weight.</summary>
    /// <param name="weight">W: <c>[outputs, inputs]</c>, any floating type, on any device.</param>
    /// <param name="rank">r, from 1 to min(outputs, inputs).</param>
    /// <param name="method">How the singular values are found.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rank is out of range.</exception>
    public static TruncatedFactorization Of(Tensor weight, int rank, FactorizationMethod method = FactorizationMethod.Gram)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, Math.Min(weight.shape[0], weight.shape[1]));

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var full = weight.detach().to(ScalarType.Float64);
        var (u, v, squares) = method == FactorizationMethod.Gram ? FromGram(full, rank) : FromSingularValues(full, rank);
        var left = squares.shape[0] - rank;
        return new TruncatedFactorization(
            u.to(weight.dtype).contiguous().MoveToOuterDisposeScope(),
            v.to(weight.dtype).contiguous().MoveToOuterDisposeScope(),
            squares.sum().item<double>(),
            left == 0 ? 0 : squares.narrow(0, rank, left).sum().item<double>()
        );
    }

    /// <summary>The smallest rank whose factors keep a share of ‖W‖², the sum of the squared singular values.</summary>
    /// <param name="weight">W: <c>[outputs, inputs]</c>, any floating type, on any device.</param>
    /// <param name="energy">The share, in (0, 1].</param>
    /// <returns>The rank, from 1 to min(outputs, inputs).</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of range.</exception>
    public static int RankKeeping(Tensor weight, double energy)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (energy is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(energy), energy, "The share must be above 0 and at most 1.");
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar zero = 0;
        var full = weight.detach().to(ScalarType.Float64);
        var gram = full.shape[0] >= full.shape[1] ? full.t().mm(full) : full.mm(full.t());
        var squares = linalg.eigvalsh(gram).flip(0).clamp_min(zero);
        var wanted = energy * squares.sum().item<double>();
        var kept = 0.0;
        for (var rank = 1; rank < squares.shape[0]; rank++)
        {
            kept += squares[rank - 1].item<double>();
            if (kept >= wanted)
                return rank;
        }

        return (int)squares.shape[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        U.Dispose();
        V.Dispose();
    }

    // U, V and all squared singular values, largest first.
    private static (Tensor U, Tensor V, Tensor Squares) FromGram(Tensor full, int rank)
    {
        using var scope = NewDisposeScope();
        using Scalar zero = 0;
        var tall = full.shape[0] >= full.shape[1];
        var gram = tall ? full.t().mm(full) : full.mm(full.t());
        var (ascending, vectors) = linalg.eigh(gram);
        var size = ascending.shape[0];
        var basis = vectors.narrow(1, size - rank, rank).flip(1); // [size, rank], largest first
        var squares = ascending.flip(0).clamp_min(zero);
        var root = squares.narrow(0, 0, rank).sqrt().sqrt();
        // The other side's singular vectors are W·q/s; a zero singular value contributes a zero column.
        var inverseRoot = where(root.gt(zero), root.reciprocal(), zeros_like(root));
        return tall
            ? scope.MoveToOuter(full.mm(basis) * inverseRoot, (basis * root).t(), squares)
            : scope.MoveToOuter(basis * root, (full.t().mm(basis) * inverseRoot).t(), squares);
    }

    private static (Tensor U, Tensor V, Tensor Squares) FromSingularValues(Tensor full, int rank)
    {
        using var scope = NewDisposeScope();
        var (left, values, right) = linalg.svd(full, fullMatrices: false);
        var root = values.narrow(0, 0, rank).sqrt();
        return scope.MoveToOuter(left.narrow(1, 0, rank) * root, right.narrow(0, 0, rank) * root.unsqueeze(1), values.mul(values));
    }
}
