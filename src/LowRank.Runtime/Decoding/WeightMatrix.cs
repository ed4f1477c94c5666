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

    public byte* Address { get; }

    public float* Bias { get; }

    public long Outputs { get; }

    public long Inputs { get; }
}
