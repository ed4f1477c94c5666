using LowRank.Kernels;
using LowRank.Layers;

namespace LowRank.Decoding;

/// <summary>A norm of entries of one slot, written to those of another, or over them.</summary>
internal sealed unsafe class NormStep : DecodingStep
{
    private readonly float* gain;
    private readonly float* bias;
    private readonly double epsilon;
    private readonly bool isCentered;
    private readonly long width;
    private readonly (Slot Slot, long Offset) from;
    private readonly (Slot Slot, long Offset) to;

    /// <summary>A norm over as many entries as it is wide.</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="from">The slot that it reads.</param>
    /// <param name="to">The slot that it writes.</param>
    public NormStep(NormLayer norm, Slot from, Slot to = Slot.Normalized)
        : this(norm, (from, 0), (to, 0)) { }

    /// <summary>A norm written over what it reads.</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="offset">Its first entry there.</param>
    public NormStep(NormLayer norm, Slot slot, long offset)
        : this(norm, (slot, offset), (slot, offset)) { }

    private NormStep(NormLayer norm, (Slot Slot, long Offset) from, (Slot Slot, long Offset) to)
    {
        var parameters = norm.Norm;
        gain = (float*)TensorMemory.Address(parameters.Gain);
        bias = parameters.Bias is null ? null : (float*)TensorMemory.Address(parameters.Bias);
        (epsilon, isCentered, width) = (parameters.Epsilon, parameters.IsCentered, parameters.Width);
        (this.from, this.to) = (from, to);
    }

    public override void Run(DecodingBatch batch)
    {
        var buffers = batch.Buffers;
        for (var row = 0; row < batch.Count; row++)
        {
            var x = buffers.Row(from.Slot, row) + from.Offset;
            var y = buffers.Row(to.Slot, row) + to.Offset;
            if (isCentered)
                LayerNormKernel.NormalizeRow<Float32Element, Float32Element>((byte*)x, gain, bias, (byte*)y, width, epsilon);
            else
                RmsNormKernel.NormalizeRow<Float32Element, Float32Element>((byte*)x, gain, (byte*)y, width, epsilon);
        }
    }
}
