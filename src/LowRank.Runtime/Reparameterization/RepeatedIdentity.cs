using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Reparameterization;

/// <summary>
/// The constant <c>(1/√K)·[I; I; …]</c>, <c>[outputs, rank]</c> with <c>K = ⌈outputs/rank⌉</c> identities, the last one cut off: what a
/// residual around the second factor adds to it. <c>(1/√K)·repeat(z, K)</c> is its product with z.
/// </summary>
internal static class RepeatedIdentity
{
    /// <summary>1/√K.</summary>
    /// <param name="outputs">Rows of the second factor.</param>
    /// <param name="rank">Columns of it.</param>
    public static double Scale(long outputs, long rank) => 1 / Math.Sqrt((outputs + rank - 1) / rank);

    /// <summary>Adds it to a second factor, or subtracts it: one number in each row.</summary>
    /// <param name="factor">U: <c>[outputs, rank]</c>, contiguous.</param>
    /// <param name="sign">1 adds, −1 subtracts.</param>
    public static void AddTo(Tensor factor, int sign = 1)
    {
        ArgumentNullException.ThrowIfNull(factor);
        var (outputs, rank) = (factor.shape[0], factor.shape[1]);
        var scale = sign * Scale(outputs, rank);
        var whole = outputs / rank * rank;
        if (whole > 0)
        {
            using var rows = factor.narrow(0, 0, whole);
            using var squares = rows.view(whole / rank, rank, rank);
            using var diagonals = squares.diagonal(0, 1, 2);
            diagonals.AddInPlace(scale);
        }

        if (whole == outputs)
            return;
        using var rest = factor.narrow(0, whole, outputs - whole);
        using var diagonal = rest.diagonal(0, 0, 1);
        diagonal.AddInPlace(scale);
    }

    /// <summary>Adds its product with inner vectors, <c>(1/√K)·repeat(z, K)</c>, to outputs.</summary>
    /// <param name="output"><c>[…, outputs]</c>.</param>
    /// <param name="inner">z: <c>[…, rank]</c>.</param>
    public static void AddProductTo(Tensor output, Tensor inner)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(inner);
        var (outputs, rank) = (output.shape[^1], inner.shape[^1]);
        using var scaled = inner.Times(Scale(outputs, rank));
        for (long first = 0; first < outputs; first += rank)
        {
            var count = Math.Min(rank, outputs - first);
            using var place = output.narrow(-1, first, count);
            using var part = scaled.narrow(-1, 0, count);
            place.AddInPlace(part);
        }
    }

    /// <summary>A second factor with it added, differentiable.</summary>
    /// <param name="factor">U: <c>[outputs, rank]</c>.</param>
    /// <returns>U′, new. The caller disposes it.</returns>
    public static Tensor Folded(Tensor factor)
    {
        ArgumentNullException.ThrowIfNull(factor);
        var folded = factor.clone();
        AddTo(folded);
        return folded;
    }
}
