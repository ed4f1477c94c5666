namespace LowRank.Decoding;

/// <summary>Looks the tokens' vectors up, and adds their positions' where those are learned.</summary>
internal sealed unsafe class EmbeddingStep(float* vectors, float* positions, long width) : DecodingStep
{
    public override void Run(DecodingBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            var read = batch.Rows[row];
            var stream = new Span<float>(batch.Buffers.Row(Slot.Stream, row), (int)width);
            new ReadOnlySpan<float>(vectors + read.Token * width, (int)width).CopyTo(stream);
            if (positions is null)
                continue;
            var position = positions + read.Cache.Length * width;
            for (var i = 0; i < stream.Length; i++)
                stream[i] += position[i];
        }
    }
}
