using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// The keys and values of the tokens already read, so that generating a token costs one token's work; of latent attention what they are
/// expanded from.
/// </summary>
public sealed class KeyValueCache : IDisposable
{
    private readonly Dictionary<nn.Module, LayerShare> layers = [];
    private readonly Dictionary<nn.Module, LatentShare> latents = [];
    private readonly Dictionary<nn.Module, RecurrentState> states = [];
    private int longest;

    /// <summary>An empty cache; every attention layer allocates its share on first use.</summary>
    /// <param name="batch">Number of sequences.</param>
    /// <param name="capacity">Longest sequence, in tokens.</param>
    public KeyValueCache(int batch, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Batch = batch;
        Capacity = capacity;
    }

    /// <summary>Number of sequences.</summary>
    public int Batch { get; }

    /// <summary>Longest sequence, in tokens.</summary>
    public int Capacity { get; }

    /// <summary>Tokens held: the position of the next one.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of the shares that layers have allocated.</summary>
    internal long Bytes =>
        layers
            .Values.SelectMany(share => new[] { share.Keys, share.Values })
            .Concat(latents.Values.Select(share => share.Rows))
            .Sum(BytesOf);

    /// <summary>Stores the new tokens' keys and values of one layer.</summary>
    /// <param name="layer">The attention layer.</param>
    /// <param name="keys"><c>[batch, new, keyValueHeads, headSize]</c>.</param>
    /// <param name="values">The same shape.</param>
    /// <returns>Views of all keys and values so far, <c>[batch, Length + new, keyValueHeads, headSize]</c>; the caller disposes
    /// both.</returns>
    /// <exception cref="InvalidOperationException">The cache is too short for the new tokens.</exception>
    internal (Tensor Keys, Tensor Values) Append(nn.Module layer, Tensor keys, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        var added = keys.shape[1];
        RequireRoom(added);
        var held = Share(layer, keys.shape[2], keys.shape[3], keys.dtype, keys.device);
        using (var place = held.Keys.narrow(1, Length, added))
            place.copy_(keys);
        using (var place = held.Values.narrow(1, Length, added))
            place.copy_(values);
        return (held.Keys.narrow(1, 0, Length + added), held.Values.narrow(1, 0, Length + added));
    }

    /// <summary>Stores the new tokens' latent vectors of one layer, each with its rotated key behind it.</summary>
    /// <param name="layer">The attention layer.</param>
    /// <param name="parts"><c>[batch, new, part]</c> each, of one type.</param>
    /// <returns>A view of all rows so far, <c>[batch, Length + new, Σ parts]</c>; the caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">The cache is too short for the new tokens.</exception>
    internal Tensor AppendLatents(nn.Module layer, params ReadOnlySpan<Tensor> parts)
    {
        var added = parts[0].shape[1];
        RequireRoom(added);
        var size = 0L;
        foreach (var part in parts)
            size += part.shape[2];
        var rows = LatentsOf(layer, size, parts[0].dtype, parts[0].device).Rows;
        using var places = rows.narrow(1, Length, added);
        var offset = 0L;
        foreach (var part in parts)
        {
            using var place = places.narrow(2, offset, part.shape[2]);
            place.copy_(part);
            offset += part.shape[2];
        }

        return rows.narrow(1, 0, Length + added);
    }

    /// <summary>The address of all latent rows of one layer, <c>[batch, capacity, size]</c>, in the CPU's memory.</summary>
    internal nint LatentPlace(nn.Module layer, long size, ScalarType type)
    {
        var share = LatentsOf(layer, size, type, CPU);
        if (share.Rows.dtype != type)
            throw new InvalidOperationException($"The cache holds {share.Rows.dtype}, not {type}.");
        return share.Place;
    }

    /// <summary>Counts new tokens as read, once all layers have stored them.</summary>
    /// <param name="added">Number of new tokens.</param>
    internal void Advance(long added)
    {
        Length += (int)added;
        longest = Math.Max(longest, Length);
    }

    /// <summary>
    /// Whether the tokens that are held were turned as those of a text of another length are: there are rotary frequencies for short texts
    /// and for long ones (<see cref="RotaryScalingType.LongRope"/>), and a text has one of them for all of its tokens.
    /// </summary>
    /// <param name="shortContexts">Tokens of the longest short texts.</param>
    /// <param name="length">Tokens of the text.</param>
    internal bool GoesOnAs(IReadOnlyList<int> shortContexts, long length)
    {
        // For every token: nothing is allocated.
        for (var index = 0; Length > 0 && index < shortContexts.Count; index++)
        {
            if (longest > shortContexts[index] != length > shortContexts[index])
                return false;
        }

        return true;
    }

    /// <summary>Makes sure that further tokens are turned as those that are held.</summary>
    /// <exception cref="InvalidOperationException">They aren't.</exception>
    internal void RequireSameRotation(IReadOnlyList<int> shortContexts, long added)
    {
        if (!GoesOnAs(shortContexts, Length + added))
            throw new InvalidOperationException(
                $"The cache holds tokens of a text of {longest}, and with {added} more behind {Length} of them it turns by other rotary frequencies; clear the cache and read the text from its beginning."
            );
    }

    /// <summary>Forgets all tokens and keeps the memory.</summary>
    public void Clear()
    {
        (Length, longest) = (0, 0);
        foreach (var state in states.Values)
            state.Clear();
    }

    /// <summary>
    /// Forgets the last tokens and keeps the first, whose keys, values and latents don't depend on those behind them. The state of an
    /// <see cref="IRecurrentModule"/> is that of all tokens and can't be taken back: where there is one, all of them are forgotten.
    /// </summary>
    /// <param name="length">Tokens to keep, at most <see cref="Length"/>.</param>
    /// <returns>Tokens that are held now: <paramref name="length"/>, or 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative number, or more than are held.</exception>
    public int Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        if (length < Length && (length == 0 || states.Values.Any(state => !state.IsByToken)))
            Clear();
        else
            Length = length;
        return Length;
    }

    /// <summary>What a layer other than attention keeps of the tokens read. It stays the cache's.</summary>
    /// <param name="layer">The layer.</param>
    internal RecurrentState StateOf(nn.Module layer)
    {
        if (!states.TryGetValue(layer, out var state))
            states.Add(layer, state = new(this));
        return state;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var share in layers.Values)
        {
            share.Keys.Dispose();
            share.Values.Dispose();
        }

        foreach (var share in latents.Values)
            share.Rows.Dispose();
        layers.Clear();
        latents.Clear();
        foreach (var state in states.Values)
            state.Dispose();
        states.Clear();
    }

    /// <summary>
    /// Addresses of all keys and values of one layer, <c>[batch, capacity, keyValueHeads, headSize]</c>, in the CPU's memory.
    /// </summary>
    internal (nint Keys, nint Values) Places(nn.Module layer, long keyValueHeads, long headSize, ScalarType type)
    {
        var share = Share(layer, keyValueHeads, headSize, type, CPU);
        if (share.Keys.dtype != type)
            throw new InvalidOperationException($"The cache holds {share.Keys.dtype}, not {type}.");
        return share.Places;
    }

    /// <summary>Makes sure that further tokens fit.</summary>
    /// <exception cref="InvalidOperationException">They don't.</exception>
    internal void RequireRoom(long added)
    {
        if (Length + added > Capacity)
            throw new InvalidOperationException($"The cache holds {Length} of {Capacity} tokens; {added} more don't fit.");
    }

    private LayerShare Share(nn.Module layer, long keyValueHeads, long headSize, ScalarType type, Device device)
    {
        if (layers.TryGetValue(layer, out var share))
            return share;
        long[] shape = [Batch, Capacity, keyValueHeads, headSize];
        share = new(empty(shape, type, device).DetachFromDisposeScope(), empty(shape, type, device).DetachFromDisposeScope());
        layers.Add(layer, share);
        return share;
    }

    private static long BytesOf(Tensor tensor) => tensor.NumberOfElements * tensor.ElementSize;

    private LatentShare LatentsOf(nn.Module layer, long size, ScalarType type, Device device)
    {
        if (latents.TryGetValue(layer, out var share))
            return share;
        share = new(empty([Batch, Capacity, size], type, device).DetachFromDisposeScope());
        latents.Add(layer, share);
        return share;
    }

    private sealed class LatentShare(Tensor rows)
    {
        public Tensor Rows { get; } = rows;

        /// <summary>Where they are, in the CPU's memory.</summary>
        public unsafe nint Place
        {
            get
            {
                if (field == default)
                    field = (nint)TensorMemory.Address(Rows);
                return field;
            }
        }
    }

    private sealed class LayerShare(Tensor keys, Tensor values)
    {
        public Tensor Keys { get; } = keys;

        public Tensor Values { get; } = values;

        /// <summary>
        /// Where they are, in the CPU's memory; looked up once, since a look costs as much as the attention of a short text.
        /// </summary>
        public unsafe (nint Keys, nint Values) Places
        {
            get
            {
                if (field == default)
                    field = ((nint)TensorMemory.Address(Keys), (nint)TensorMemory.Address(Values));
                return field;
            }
        }
    }
}
