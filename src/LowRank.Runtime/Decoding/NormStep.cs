using LowRank.Kernels;
using LowRank.Layers;

namespace LowRank.Decoding;

/// <summary>A norm of the stream.</summary>
internal sealed unsafe class NormStep : DecodingStep
{
    private readonly float* gain;
    private readonly float* bias;
    private readonly double epsilon;
    private readonly bool isCentered;
    private readonly Slot from;

    public NormStep(NormLayer norm, Slot from)
    {
        var parameters = norm.Norm;
        gain = (float*)TensorMemory.Address(parameters.Gain);
        bias = parameters.Bias is null ? null : (float*)TensorMemory.Address(parameters.Bias);
        (epsilon, isCentered) = (parameters.Epsilon, parameters.IsCentered);
        this.from = from;
    }

    public override void Run(DecodingBatch batch)
    {
        var (buffers, width) = (batch.Buffers, batch.Buffers.Width(Slot.Stream));
        for (var row = 0; row < batch.Count; row++)
        {
            var x = buffers.Row(from, row);
            var y = buffers.Row(Slot.Normalized, row);
            if (isCentered)
                LayerNormKernel.NormalizeRow<Float32Element, Float32Element>((byte*)x, gain, bias, (byte*)y, width, epsilon);
            else
                RmsNormKernel.NormalizeRow<Float32Element, Float32Element>((byte*)x, gain, (byte*)y, width, epsilon);
        }
    }
}
