using System.Collections.Generic;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>What one layer keeps of the tokens already read, as named tensors. It belongs to a <see cref="KeyValueCache"/>.</summary>
public sealed class RecurrentState : IDisposable
{
    private readonly Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
    private readonly KeyValueCache cache;

    internal RecurrentState(KeyValueCache cache) => this.cache = cache;

    /// <summary>Number of sequences.</summary>
    public int Batch => cache.Batch;

    /// <summary>Longest sequence, in tokens.</summary>
    public int Capacity => cache.Capacity;

    /// <summary>Tokens read before those that are read now.</summary>
    public int Length => cache.Length;

    /// <summary>Whether it holds something of each token at its position, so that the last tokens can be forgotten.</summary>
    internal bool IsByToken { get; set; }

    /// <summary>
    /// A tensor of the state, or null where none was set. It stays the state's. One that is set is taken over, whatever scope it was made
    /// in, and the one before it disposed.
    /// </summary>
    /// <param name="name">Any name.</param>
    public Tensor? this[string name]
    {
        get => tensors.GetValueOrDefault(name);
        set
        {
            var before = tensors.GetValueOrDefault(name);
            if (ReferenceEquals(before, value))
                return;
            if (value is null)
                tensors.Remove(name);
            else
                tensors[name] = value.DetachFromDisposeScope();
            before?.Dispose();
        }
    }

    /// <summary>Forgets everything.</summary>
    internal void Clear()
    {
        foreach (var tensor in tensors.Values)
            tensor.Dispose();
        tensors.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
