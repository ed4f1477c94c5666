using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Decoding;

/// <summary>
/// Reads tokens with a model for generating the next ones. On the CPU a pass of one token per sequence runs over raw memory: weights are
/// read once, nothing is allocated, and a sequence's logits don't depend on the sequences beside it. Everything else, prompts and other
/// devices among it, runs through the model's layers.
/// </summary>
/// <remarks>
/// While a decoder lives, the model must not be trained, loaded, moved or disposed. Not safe for threads; it uses as many as
/// <c>torch.get_num_threads()</c> said when it was made.
/// </remarks>
internal sealed class Decoder : IDisposable
{
    private readonly IDecodable model;
    private readonly PreparedWeights weights;
    private readonly ThreadTeam team;
    private readonly DecodingBatch batch;
    private readonly DecodingPlan? plan;
    private readonly KeyValueCache[] single = new KeyValueCache[1];
    private float[] logits = [];
    private bool isDisposed;

    /// <summary>Prepares the weights.</summary>
    /// <param name="model">The model; it is only read.</param>
    /// <param name="weights">The form in which factored layers are read.</param>
    /// <param name="sequences">How many sequences will be decoded together, for <see cref="DecodingRule"/>; more or fewer may come.</param>
    public Decoder(IDecodable model, DecodingWeights weights = DecodingWeights.Auto, int sequences = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequences);
        this.model = model;
        this.weights = new PreparedWeights(model, weights, sequences);
        plan = Plan(out batch, out team);
    }

    /// <summary>Whether single tokens are read over raw memory.</summary>
    public bool IsFused => plan is not null;

    /// <summary>Number of factored layers that are read as one matrix.</summary>
    public int MergedLayers => weights.MergedLayers;

    /// <summary>Reads further tokens of the sequences of one cache.</summary>
    /// <param name="tokens">Ids, <c>[batch, new]</c> row after row; at least one per sequence.</param>
    /// <param name="cache">The cache; it is advanced.</param>
    /// <returns>The logits after every sequence's last token, <c>[batch, vocabulary]</c> row after row. Valid until the next
    /// call.</returns>
    /// <exception cref="ArgumentException">The tokens are not as many for every sequence.</exception>
    /// <exception cref="InvalidOperationException">The cache or the model's context is too short for them.</exception>
    public ReadOnlySpan<float> Read(ReadOnlySpan<int> tokens, KeyValueCache cache)
    {
        ArgumentNullException.ThrowIfNull(cache);
        if (tokens.IsEmpty || tokens.Length % cache.Batch != 0)
            throw new ArgumentException($"{tokens.Length} tokens are not as many for each of {cache.Batch} sequences.", nameof(tokens));
        if (plan is not null && tokens.Length == cache.Batch)
        {
            single[0] = cache;
            return ReadFused(tokens, single);
        }

        var values = Logits((long)cache.Batch * model.Vocabulary);
        ReadThroughLayers(tokens, cache, values);
        return values;
    }

    /// <summary>Reads one further token of every sequence of several caches, each as long as it is.</summary>
    /// <param name="tokens">One id for each sequence of each cache, in their order.</param>
    /// <param name="caches">The caches, all different; they are advanced.</param>
    /// <returns>The logits, <c>[sequences, vocabulary]</c> row after row. Valid until the next call.</returns>
    /// <exception cref="ArgumentException">There are not as many tokens as sequences.</exception>
    /// <exception cref="InvalidOperationException">A cache is full.</exception>
    public ReadOnlySpan<float> ReadNext(ReadOnlySpan<int> tokens, IReadOnlyList<KeyValueCache> caches)
    {
        ArgumentNullException.ThrowIfNull(caches);
        var sequences = 0;
        for (var index = 0; index < caches.Count; index++)
            sequences += caches[index].Batch;
        if (tokens.Length != sequences || sequences == 0)
            throw new ArgumentException($"There are {tokens.Length} tokens for {sequences} sequences.", nameof(tokens));
        if (plan is not null)
            return ReadFused(tokens, caches);

        var values = Logits((long)sequences * model.Vocabulary);
        var first = 0;
        foreach (var cache in caches)
        {
            ReadThroughLayers(
                tokens.Slice(first, cache.Batch),
                cache,
                values.Slice(first * model.Vocabulary, cache.Batch * model.Vocabulary)
            );
            first += cache.Batch;
        }

        return values;
    }

    /// <summary>Frees what was made of the weights; the model is as it was.</summary>
    public void Dispose()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        team.Dispose();
        batch.Dispose();
        weights.Dispose();
    }

    private DecodingPlan? Plan(out DecodingBatch batch, out ThreadTeam team)
    {
        var options = model.Options;
        var isFusable =
            options.Device.type == TorchSharp.DeviceType.CPU
            && options.DataType == ScalarType.Float32
            && options.EffectiveComputeType is ScalarType.Float32 or ScalarType.BFloat16;
        DecodingPlan? made = null;
        var buffers = new DecodingBuffers();
        if (isFusable)
        {
            made = new DecodingPlan(model, weights, buffers);
            if (!model.PlanDecoding(made) || !made.IsComplete)
                made = null;
            made?.Head(model.HeadWeight, model.LogitForm);
        }

        team = new ThreadTeam(made is null ? 1 : get_num_threads());
        batch = new DecodingBatch(team, buffers);
        return made;
    }

    private unsafe ReadOnlySpan<float> ReadFused(ReadOnlySpan<int> tokens, IReadOnlyList<KeyValueCache> caches)
    {
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)model.Vocabulary)
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"There are {model.Vocabulary} token ids.");
        }

        for (var index = 0; index < caches.Count; index++)
        {
            caches[index].RequireRoom(1);
            caches[index].RequireSameRotation(model.ShortContexts, 1);
            if (caches[index].Length >= model.Context)
                throw new InvalidOperationException($"The model's context of {model.Context} tokens is full.");
        }

        batch.Take(tokens, caches);
        foreach (var step in plan!.Steps)
            step.Run(batch);
        for (var index = 0; index < caches.Count; index++)
            caches[index].Advance(1);
        return new(batch.Buffers.Of(Slot.Logits), checked(tokens.Length * model.Vocabulary));
    }

    private void ReadThroughLayers(ReadOnlySpan<int> tokens, KeyValueCache cache, Span<float> values)
    {
        using var noGradient = no_grad();
        var ids = new long[tokens.Length];
        for (var index = 0; index < ids.Length; index++)
            ids[index] = tokens[index];
        using var input = tensor(ids, [cache.Batch, ids.Length / cache.Batch], device: model.Options.Device);
        using var read = model.Decode(input, cache);
        using var floats = read.to(ScalarType.Float32);
        using var local = floats.cpu();
        using var accessor = local.data<float>();
        accessor.CopyTo(values);
    }

    private Span<float> Logits(long count)
    {
        if (logits.Length < count)
            logits = new float[count];
        return logits.AsSpan(0, checked((int)count));
    }
}
