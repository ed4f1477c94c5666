using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Decoding;

/// <summary>A matrix, and the bias behind it, in memory that outlives the decoder's steps.</summary>
internal readonly unsafe struct WeightMatrix
{
    /// <summary>Looks at tensors.</summary>
    /// <param name="weight"><c>[outputs, inputs]</c>, contiguous, in the type in which it is read.</param>
    /// <param name="bias"><c>[outputs]</c> in 32-bit floats, or null.</param>
    public WeightMatrix(Tensor weight, Tensor? bias)
    {
        (Outputs, Inputs) = (weight.shape[0], weight.shape[1]);
        Address = TensorMemory.Address(weight);
        Bias = bias is null ? null : (float*)TensorMemory.Address(bias);
    }

    private WeightMatrix(byte* address, float* bias, long outputs, long inputs)
    {
        Address = address;
        Bias = bias;
        (Outputs, Inputs) = (outputs, inputs);
    }

    public byte* Address { get; }

    public float* Bias { get; }

    public long Outputs { get; }

    public long Inputs { get; }

    /// <summary>Some of the outputs.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="elementSize">Bytes of an element.</param>
    public WeightMatrix Rows(long first, long count, int elementSize) =>
        new(Address + first * Inputs * elementSize, Bias is null ? null : Bias + first, count, Inputs);
}
