using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// The nearest semi-orthogonal matrix, roughly: five steps of a quintic Newton–Schulz iteration whose coefficients lift small singular
/// values as fast as they can (Jordan et al., 2024). All singular values end between about 0.7 and 1.2.
/// </summary>
internal static class NewtonSchulz
{
    private const int Steps = 5;
    private const double A = 3.4445;
    private const double B = -4.7750;
    private const double C = 2.0315;
    private const double Smallest = 1e-7;

    /// <summary>
    /// Orthogonalizes a matrix. FLOPs: <c>5·(4k²l + 2k³)</c> with k its smaller and l its larger side.
    /// </summary>
    /// <param name="matrix"><c>[m, n]</c>; zeros give zeros.</param>
    /// <returns><c>[m, n]</c>, of the same type. The caller disposes it.</returns>
    public static Tensor Orthogonalize(Tensor matrix) => Orthogonalize(matrix, ComputeType(matrix));

    /// <summary>The same with the products in a chosen type.</summary>
    public static Tensor Orthogonalize(Tensor matrix, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var wide = matrix.shape[0] <= matrix.shape[1];
        // The norm in the matrix's own type: in bfloat16 it would have three digits.
        var x = matrix.div(matrix.norm().AddInPlace(Smallest)).to(type);
        if (!wide)
            x = x.t();
        for (var step = 0; step < Steps; step++)
        {
            // The coefficients are not given to addmm, which takes them in single precision.
            var gram = x.mm(x.t());
            var polynomial = gram.mm(gram).MultiplyInPlace(C).AddInPlace(gram, B);
            x = polynomial.mm(x).AddInPlace(x, A);
        }

        var result = (wide ? x : x.t()).to(matrix.dtype);
        return result.MoveToOuterDisposeScope();
    }

    // The iteration tolerates bfloat16, as its authors run it; on the CPU single precision keeps it simple.
    private static ScalarType ComputeType(Tensor matrix) =>
        matrix.device_type == TorchSharp.DeviceType.CUDA && matrix.dtype == ScalarType.Float32 ? ScalarType.BFloat16 : matrix.dtype;
}
