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

    public NormStep(RmsNorm norm, Slot from)
    {
        gain = (float*)TensorMemory.Address(norm.Weight);
        epsilon = norm.Epsilon;
        this.from = from;
    }

    public NormStep(LayerNorm norm, Slot from)
    {
        gain = (float*)TensorMemory.Address(norm.Weight);
        epsilon = norm.Epsilon;
        isCentered = true;
        if (norm.Bias is not null)
            bias = (float*)TensorMemory.Address(norm.Bias);
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
                LayerNormKernel.NormalizeRow(x, gain, bias, y, width, epsilon);
            else
                RmsNormKernel.NormalizeRow<Float32Element, Float32Element>((byte*)x, gain, (byte*)y, width, epsilon);
        }
    }
}
