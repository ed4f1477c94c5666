using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Sums and conversions of single rows, which stay in the first-level cache for what comes next.</summary>
internal static unsafe class RowKernel
{
    /// <summary><c>sum = first + second</c>, in the type of the first; the sum may be either of them.</summary>
    public static void Add<TFirst, TSecond>(byte* first, byte* second, byte* sum, long width)
        where TFirst : IElement
        where TSecond : IElement
    {
        long i = 0;
        for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
            TFirst.Store(sum, i, TFirst.Load(first, i) + TSecond.Load(second, i));
        for (; i < width; i++)
            TFirst.StoreOne(sum, i, TFirst.LoadOne(first, i) + TSecond.LoadOne(second, i));
    }

    /// <summary>A row in another type.</summary>
    public static void Convert<TFrom, TTo>(byte* from, byte* to, long width)
        where TFrom : IElement
        where TTo : IElement
    {
        long i = 0;
        for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
            TTo.Store(to, i, TFrom.Load(from, i));
        for (; i < width; i++)
            TTo.StoreOne(to, i, TFrom.LoadOne(from, i));
    }
}
