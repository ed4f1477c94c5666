namespace LowRank.Decoding;

/// <summary>Looks the tokens' vectors up, scales them, and adds their positions' where those are learned.</summary>
internal sealed unsafe class EmbeddingStep(float* vectors, float* positions, long width, float scale) : DecodingStep
{
    public override void Run(DecodingBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            var read = batch.Rows[row];
            var stream = new Span<float>(batch.Buffers.Row(Slot.Stream, row), (int)width);
            new ReadOnlySpan<float>(vectors + read.Token * width, (int)width).CopyTo(stream);
            for (var i = 0; scale != 1 && i < stream.Length; i++)
                stream[i] *= scale;
            if (positions is null)
                continue;
            var position = positions + read.Cache.Length * width;
            for (var i = 0; i < stream.Length; i++)
                stream[i] += position[i];
        }
    }
}
