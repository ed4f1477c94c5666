using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>The keys and values of the tokens already read, so that generating a token costs one token's work.</summary>
public sealed class KeyValueCache : IDisposable
{
    private readonly Dictionary<nn.Module, (Tensor Keys, Tensor Values)> layers = [];
    private readonly long batch;

    /// <summary>An empty cache; every attention layer allocates its share on first use.</summary>
    /// <param name="batch">Number of sequences.</param>
    /// <param name="capacity">Longest sequence, in tokens.</param>
    public KeyValueCache(int batch, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        this.batch = batch;
        Capacity = capacity;
    }

    /// <summary>Longest sequence, in tokens.</summary>
    public int Capacity { get; }

    /// <summary>Tokens held: the position of the next one.</summary>
    public int Length { get; private set; }

    /// <summary>Stores the new tokens' keys and values of one layer.</summary>
    /// <param name="layer">The attention layer.</param>
    /// <param name="keys"><c>[batch, new, keyValueHeads, headSize]</c>.</param>
    /// <param name="values">The same shape.</param>
    /// <returns>Views of all keys and values so far, <c>[batch, Length + new, keyValueHeads, headSize]</c>; the caller disposes both.</returns>
    /// <exception cref="InvalidOperationException">The cache is too short for the new tokens.</exception>
    public (Tensor Keys, Tensor Values) Append(nn.Module layer, Tensor keys, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        var added = keys.shape[1];
        if (Length + added > Capacity)
            throw new InvalidOperationException($"The cache holds {Length} of {Capacity} tokens; {added} more don't fit.");
        if (!layers.TryGetValue(layer, out var held))
        {
            long[] shape = [batch, Capacity, keys.shape[2], keys.shape[3]];
            held = (
                empty(shape, keys.dtype, keys.device).DetachFromDisposeScope(),
                empty(shape, values.dtype, values.device).DetachFromDisposeScope());
            layers.Add(layer, held);
        }

        using (var place = held.Keys.narrow(1, Length, added))
            place.copy_(keys);
        using (var place = held.Values.narrow(1, Length, added))
            place.copy_(values);
        return (held.Keys.narrow(1, 0, Length + added), held.Values.narrow(1, 0, Length + added));
    }

    /// <summary>Counts new tokens as read, once all layers have stored them.</summary>
    /// <param name="added">Number of new tokens.</param>
    public void Advance(long added) => Length += (int)added;

    /// <summary>Forgets all tokens and keeps the memory.</summary>
    public void Clear() => Length = 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (keys, values) in layers.Values)
        {
            keys.Dispose();
            values.Dispose();
        }

        layers.Clear();
    }
}
