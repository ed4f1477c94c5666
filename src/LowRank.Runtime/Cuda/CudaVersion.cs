namespace LowRank.Cuda;

/// <summary>A version of CUDA, or a compute capability.</summary>
internal readonly record struct CudaVersion(int Major, int Minor) : IComparable<CudaVersion>
{
    public static bool operator <(CudaVersion left, CudaVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(CudaVersion left, CudaVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(CudaVersion left, CudaVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CudaVersion left, CudaVersion right) => left.CompareTo(right) >= 0;

    public int CompareTo(CudaVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public override string ToString() => $"{Major}.{Minor}";
}
