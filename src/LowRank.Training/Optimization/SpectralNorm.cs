using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// The largest singular value of a matrix that changes little from step to step: power iterations from the vector of the step before.
/// </summary>
internal sealed class SpectralNorm
{
    private const int FirstIterations = 15;
    private const double Smallest = 1e-12;

    private readonly Tensor vector;

    /// <summary>Begins with a vector drawn alike in every run.</summary>
    /// <param name="matrix"><c>[m, n]</c>.</param>
    /// <param name="vector">Zeros <c>[m]</c>; holds the left singular vector from now on.</param>
    public SpectralNorm(Tensor matrix, Tensor vector)
    {
        this.vector = vector;
        using var noGradient = no_grad();
        using var generator = new TorchSharp.torch.Generator(0, CPU);
        using (var draw = randn(vector.shape, vector.dtype, generator: generator))
            vector.copy_(draw);
        for (var iteration = 0; iteration < FirstIterations; iteration++)
            Iterate(matrix).Dispose();
    }

    /// <summary>One iteration: <c>v = Wᵀu/‖Wᵀu‖</c>, <c>σ = ‖Wv‖</c>, <c>u = Wv/σ</c>. 4mn FLOPs.</summary>
    /// <param name="matrix">W: <c>[m, n]</c>.</param>
    /// <returns>σ: a scalar on the matrix's device. The caller disposes it.</returns>
    public Tensor Iterate(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var right = matrix.t().mv(vector);
        right.div_(right.norm().AddInPlace(Smallest));
        var left = matrix.mv(right);
        var sigma = left.norm();
        vector.copy_(left.div_(sigma.Plus(Smallest)));
        return sigma.MoveToOuterDisposeScope();
    }
}
