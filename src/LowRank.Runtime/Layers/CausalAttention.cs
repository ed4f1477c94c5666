using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>The part of causal self-attention that has no weights: who attends to whom. Generated attention layers derive from it.</summary>
/// <param name="name">The layer's name in error messages.</param>
/// <param name="heads">Number of query heads.</param>
/// <param name="keyValueHeads">Number of key and value heads; divides the heads.</param>
/// <param name="headSize">Size of one head.</param>
public abstract class CausalAttention(string name, int heads, int keyValueHeads, int headSize)
    : CachingLayer(name)
{
    /// <summary>Number of query heads.</summary>
    public int Heads { get; } = heads;

    /// <summary>Number of key and value heads.</summary>
    public int KeyValueHeads { get; } = keyValueHeads;

    /// <summary>Size of one head.</summary>
    public int HeadSize { get; } = headSize;

    /// <summary>Forward FLOPs per token of scores and weighted values over a full context: <c>4·S·heads·headSize</c>.</summary>
    /// <param name="context">S, in tokens.</param>
    public long ScoreFlopsPerToken(int context) => 4L * context * Heads * HeadSize;

    /// <summary>Softmax(QKᵀ/√headSize)·V with a causal mask, scores in no worse than the inputs' precision.</summary>
    /// <param name="queries"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="keys"><c>[batch, sequence, keyValueHeads, headSize]</c>.</param>
    /// <param name="values">The same shape as the keys.</param>
    /// <param name="cache">Keys and values of earlier tokens, which these are added to, or null.</param>
    /// <returns><c>[batch, sequence, heads·headSize]</c>.</returns>
    protected Tensor Attend(Tensor queries, Tensor keys, Tensor values, KeyValueCache? cache)
    {
        ArgumentNullException.ThrowIfNull(queries);
        var (batch, sequence) = (queries.shape[0], queries.shape[1]);
        if (cache is null)
            return Attend(queries, keys, values, mask: null, causal: sequence > 1);

        var earlier = cache.Length;
        var (allKeys, allValues) = cache.Append(this, keys, values);
        using (allKeys)
        using (allValues)
        {
            if (sequence == 1 || earlier == 0)
                return Attend(queries, allKeys, allValues, mask: null, causal: sequence > 1);
            // New token i stands at earlier + i and sees what stands no later.
            using var all = ones(sequence, earlier + sequence, ScalarType.Bool, queries.device);
            using var mask = all.tril(earlier);
            return Attend(queries, allKeys, allValues, mask, causal: false);
        }
    }

    private Tensor Attend(Tensor queries, Tensor keys, Tensor values, Tensor? mask, bool causal)
    {
        using var q = queries.transpose(1, 2);
        using var k = Spread(keys);
        using var v = Spread(values);
        using var attended = nn.functional.scaled_dot_product_attention(q, k, v, mask, is_casual: causal);
        using var merged = attended.transpose(1, 2);
        return merged.reshape(queries.shape[0], queries.shape[1], (long)Heads * HeadSize);
    }

    // Every key and value head serves heads / keyValueHeads query heads that follow each other.
    private Tensor Spread(Tensor tensor)
    {
        if (KeyValueHeads == Heads)
            return tensor.transpose(1, 2);
        using var spread = tensor.repeat_interleave(Heads / KeyValueHeads, 2);
        return spread.transpose(1, 2);
    }
}
