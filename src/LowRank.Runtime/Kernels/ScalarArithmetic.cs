using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// Sums and multiples that leave no native scalar behind. TorchSharp makes one wherever it is given a number, for the factor 1 of
/// <c>add(tensor)</c> too, and a finalizer frees it some time later. Until then it lies among the activations in the C library's heap,
/// which can't be joined to large blocks again: a pass grew by megabytes a step until the next collection.
/// </summary>
internal static class ScalarArithmetic
{
    private static readonly Scalar One = 1;
    private static readonly Scalar Zero = 0;

    /// <summary><c>sum += addend</c>; returns the sum.</summary>
    public static Tensor AddInPlace(this Tensor sum, Tensor addend) => sum.add_(addend, One);

    /// <summary><c>sum += factor · addend</c>; returns the sum.</summary>
    public static Tensor AddInPlace(this Tensor sum, Tensor addend, double factor)
    {
        using Scalar scalar = factor;
        return sum.add_(addend, scalar);
    }

    /// <summary><c>values += number</c>; returns the values.</summary>
    public static Tensor AddInPlace(this Tensor values, double number)
    {
        using Scalar scalar = number;
        return values.add_(scalar, One);
    }

    /// <summary><c>sum[rows[i]] += addend[i]</c>; returns the sum.</summary>
    public static Tensor AddRowsInPlace(this Tensor sum, Tensor rows, Tensor addend) => sum.index_add_(0, rows, addend, One);

    /// <summary><c>sum += factor · left ⊙ right</c>; returns the sum.</summary>
    public static Tensor AddProductInPlace(this Tensor sum, Tensor left, Tensor right, double factor)
    {
        using Scalar scalar = factor;
        return sum.addcmul_(left, right, scalar);
    }

    /// <summary><c>sum += factor · dividend ⊘ divisor</c>; returns the sum.</summary>
    public static Tensor AddQuotientInPlace(this Tensor sum, Tensor dividend, Tensor divisor, double factor)
    {
        using Scalar scalar = factor;
        return sum.addcdiv_(dividend, divisor, scalar);
    }

    /// <summary><c>values /= divisor</c>; returns the values.</summary>
    public static Tensor DivideInPlace(this Tensor values, double divisor)
    {
        using Scalar scalar = divisor;
        return values.div_(scalar);
    }

    /// <summary><c>values = min(values, largest)</c>; returns the values.</summary>
    public static Tensor LimitInPlace(this Tensor values, double largest)
    {
        using Scalar scalar = largest;
        return values.clamp_max_(scalar);
    }

    /// <summary>Sets every value; returns the values.</summary>
    public static Tensor FillInPlace(this Tensor values, double number)
    {
        using Scalar scalar = number;
        return values.fill_(scalar);
    }

    /// <summary>Sets the values where a condition holds to 0, whatever they are; returns the values.</summary>
    public static Tensor ClearInPlace(this Tensor values, Tensor where) => values.masked_fill_(where, Zero);

    /// <summary>A new tensor: the values, and 0 where a condition holds.</summary>
    public static Tensor ClearedWhere(this Tensor values, Tensor where) => values.masked_fill(where, Zero);

    /// <summary>A new tensor: which values are a number.</summary>
    public static Tensor IsEqualTo(this Tensor values, long number)
    {
        using Scalar scalar = number;
        return values.eq(scalar);
    }

    /// <summary>A new tensor: the sum of both.</summary>
    public static Tensor Plus(this Tensor tensor, Tensor addend) => tensor.add(addend, One);

    /// <summary><c>values *= factor</c>; returns the values.</summary>
    public static Tensor MultiplyInPlace(this Tensor values, double factor)
    {
        using Scalar scalar = factor;
        return values.mul_(scalar);
    }

    /// <summary>A new tensor: every value and the number.</summary>
    public static Tensor Plus(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.add(scalar, One);
    }

    /// <summary>A new tensor: the multiple.</summary>
    public static Tensor Times(this Tensor tensor, double factor)
    {
        using Scalar scalar = factor;
        return tensor.mul(scalar);
    }
}
