using static TorchSharp.torch;

namespace LowRank.Training.Tests.Optimization;

/// <summary>
/// The Newton–Schulz iteration through singular values: it changes nothing but them, each by the polynomial
/// <c>aσ + bσ³ + cσ⁵</c>, five times over. Another way to the same matrix than products of matrices.
/// </summary>
internal static class Orthogonal
{
    public static Tensor Of(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var norm = Math.Sqrt(matrix.square().sum().item<double>());
        var (u, s, vh) = linalg.svd(matrix / (norm + 1e-7), fullMatrices: false);
        for (var step = 0; step < 5; step++)
            s = 3.4445 * s - 4.7750 * s.pow(3) + 2.0315 * s.pow(5);
        return scope.MoveToOuter(u.mul(s).mm(vh));
    }
}
