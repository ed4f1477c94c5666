using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>The key/value cache that goes with the hand-written model: the new ones are concatenated to the old ones.</summary>
internal sealed class HandWrittenCache : IDisposable
{
    private readonly Dictionary<int, (Tensor Keys, Tensor Values)> layers = [];

    /// <summary>Tokens that a layer has seen.</summary>
    public long LengthOf(int layer) => layers.TryGetValue(layer, out var held) ? held.Keys.shape[2] : 0;

    /// <summary>Adds one layer's keys and values, <c>[batch, heads, new, headSize]</c>, and returns all of them.</summary>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        if (layers.TryGetValue(layer, out var held))
        {
            using (held.Keys)
            using (held.Values)
                layers[layer] = (
                    cat([held.Keys, keys], 2).DetachFromDisposeScope(),
                    cat([held.Values, values], 2).DetachFromDisposeScope()
                );
        }
        else
            layers[layer] = (keys.clone().DetachFromDisposeScope(), values.clone().DetachFromDisposeScope());

        return layers[layer];
    }

    public void Dispose()
    {
        foreach (var (keys, values) in layers.Values)
        {
            keys.Dispose();
            values.Dispose();
        }
    }
}
