using LowRank.Kernels;

namespace LowRank.Decoding;

/// <summary>The non-linearity of some of a slot's entries, in place; gated: multiplied by the other half.</summary>
internal sealed unsafe class ActivationStep(Activation activation, Slot slot, long offset, long count, bool isGated) : DecodingStep
{
    public override void Run(DecodingBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
            ActivationKernel.Apply(
                activation,
                batch.Buffers.Row(slot, row) + offset,
                isGated ? batch.Buffers.Row(Slot.Up, row) : null,
                count
            );
    }
}
