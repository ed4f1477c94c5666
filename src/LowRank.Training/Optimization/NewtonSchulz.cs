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

    // Larger matrices keep a device busy by themselves, and what is computed on the way takes memory.
    private const long LargestBatch = 1 << 24;

    /// <summary>
    /// How many elements of equal matrices are best orthogonalized together: on the CPU no more than one matrix, whose products fill it.
    /// </summary>
    /// <param name="matrices">The matrices.</param>
    public static long BatchElements(Tensor matrices) => ComputeType(matrices) == ScalarType.BFloat16 ? LargestBatch : 0;

    /// <summary>
    /// Orthogonalizes a matrix, or several of one shape. FLOPs: <c>5·(4k²l + 2k³)</c> with k its smaller and l its larger side.
    /// </summary>
    /// <param name="matrix"><c>[m, n]</c> or <c>[count, m, n]</c>; zeros give zeros.</param>
    /// <returns>The same shape and type. The caller disposes it.</returns>
    public static Tensor Orthogonalize(Tensor matrix) => Orthogonalize(matrix, ComputeType(matrix));

    /// <summary>The same with the products in a chosen type.</summary>
    public static Tensor Orthogonalize(Tensor matrix, ScalarType type)
    {
        if (matrix.dim() == 3)
            return OrthogonalizeAll(matrix, type);
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

    private static Tensor OrthogonalizeAll(Tensor matrices, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (count, rows, columns) = (matrices.shape[0], matrices.shape[1], matrices.shape[2]);
        var flat = matrices.view(count, rows * columns);
        var norms = flat.norm(1, keepdim: true).AddInPlace(Smallest);
        var x = matrices.div(norms.unsqueeze_(2)).to(type);
        if (rows > columns)
            x = x.transpose(1, 2);
        for (var step = 0; step < Steps; step++)
        {
            var gram = x.bmm(x.transpose(1, 2));
            var polynomial = gram.bmm(gram).MultiplyInPlace(C).AddInPlace(gram, B);
            // Ax enters by the diagonal: two passes fewer over all matrices.
            polynomial.diagonal(0, 1, 2).AddInPlace(A);
            x = polynomial.bmm(x);
        }

        var result = (rows > columns ? x.transpose(1, 2) : x).to(matrices.dtype);
        return result.MoveToOuterDisposeScope();
    }

    // The iteration tolerates bfloat16, as its authors run it; on the CPU single precision keeps it simple.
    private static ScalarType ComputeType(Tensor matrix) =>
        matrix.device_type == TorchSharp.DeviceType.CUDA && matrix.dtype == ScalarType.Float32 ? ScalarType.BFloat16 : matrix.dtype;
}
