namespace LowRank.Decoding;

/// <summary>Adds what a norm has left to the stream.</summary>
internal sealed unsafe class AddStep : DecodingStep
{
    public override void Run(DecodingBatch batch)
    {
        var width = (int)batch.Buffers.Width(Slot.Stream);
        for (var row = 0; row < batch.Count; row++)
        {
            var stream = new Span<float>(batch.Buffers.Row(Slot.Stream, row), width);
            var addend = new ReadOnlySpan<float>(batch.Buffers.Row(Slot.Normalized, row), width);
            for (var i = 0; i < stream.Length; i++)
                stream[i] += addend[i];
        }
    }
}
