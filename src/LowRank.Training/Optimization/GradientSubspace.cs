using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// The leading singular vectors on a gradient's smaller side, from the eigenvectors of its Gram matrix in double precision: no slower than
/// a singular value decomposition in single precision, faster the longer the matrix, and more precise. The largest component of every
/// vector is made positive, so that the result doesn't depend on the solver.
/// </summary>
internal static class GradientSubspace
{
    /// <summary>Projects rows or columns: P is <c>Vh[:r]</c> where m ≥ n, else <c>U[:, :r]</c>.</summary>
    /// <param name="gradient">G: <c>[m, n]</c>.</param>
    /// <param name="projection">Receives P: <c>[r, n]</c> where m ≥ n, else <c>[m, r]</c>.</param>
    public static void Find(Tensor gradient, Tensor projection)
    {
        using var scope = NewDisposeScope();
        var right = gradient.shape[0] >= gradient.shape[1];
        var rank = right ? projection.shape[0] : projection.shape[1];
        var full = gradient.to(ScalarType.Float64);
        // A diverged run must end with its message, not in the solver.
        var gram = (right ? full.t().mm(full) : full.mm(full.t())).nan_to_num_(0, 0, 0);
        var (_, vectors) = linalg.eigh(gram);
        var leading = vectors.narrow(1, vectors.shape[1] - rank, rank).flip(1);
        var largest = leading.gather(0, leading.abs().argmax(0, keepdim: true));
        leading = leading.mul(largest.sign());
        projection.copy_(right ? leading.t() : leading);
    }
}
