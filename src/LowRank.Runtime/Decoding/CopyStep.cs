namespace LowRank.Decoding;

/// <summary>Keeps the stream for sublayers that run side by side.</summary>
internal sealed unsafe class CopyStep : DecodingStep
{
    public override void Run(DecodingBatch batch)
    {
        var floats = batch.Count * batch.Buffers.Width(Slot.Stream);
        var bytes = floats * sizeof(float);
        Buffer.MemoryCopy(batch.Buffers.Of(Slot.Stream), batch.Buffers.Of(Slot.BlockInput), bytes, bytes);
    }
}
