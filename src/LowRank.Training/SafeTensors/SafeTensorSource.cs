using static TorchSharp.torch;

namespace LowRank.Training.SafeTensors;

/// <summary>
/// A tensor to be written, made only when its turn comes, so that a converted copy of a model never lies in memory whole.
/// </summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Its type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Create">Makes it.</param>
internal sealed record SafeTensorSource(string Name, ScalarType Type, long[] Shape, Func<Tensor> Create)
{
    /// <summary>Its size in bytes.</summary>
    public long Bytes => Shape.Aggregate(1L, (product, size) => product * size) * ElementSize;

    private int ElementSize =>
        Type switch
        {
            ScalarType.Float64 or ScalarType.Int64 => 8,
            ScalarType.Float32 or ScalarType.Int32 => 4,
            ScalarType.Float16 or ScalarType.BFloat16 => 2,
            _ => throw new NotSupportedException($"Tensors of type {Type} are not written to safetensors files."),
        };
}
