using System.ComponentModel;
using LowRank.Decoding;
using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434, section 2.1) with its projections and the norms before and after it, as a
/// sublayer:
/// <c>[batch, sequence, width]</c> to the same shape. Keys and values of all heads are expanded from one latent vector per token. Beside it
/// stands one rotated key that all heads share; a query has a rotated part for it, in front of the part that meets the head's own key.
/// Generated attention layers derive from it and write down their forward pass.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class LatentAttention : CausalAttention, ISublayer, ILinearHost
{
    private readonly RotaryEmbedding? rotary;
    private readonly SublayerNorms norms;
    private readonly RmsNorm? queryNorm;
    private readonly RmsNorm? keyValueNorm;
    private LinearLayer? queryDown;

    /// <summary>Registers the layers. The sizes are theirs.</summary>
    /// <param name="name">The layer's name in error messages.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="norm">The norm before the attention, or null.</param>
    /// <param name="query">The queries, <c>heads·(rotarySize + headSize)</c>, of the width or of their latents.</param>
    /// <param name="keyValueDown">Latents of keys and values and the shared key: width to <c>keyValueRank + rotarySize</c>.</param>
    /// <param name="key">The keys of the heads: keyValueRank to <c>heads·headSize</c>.</param>
    /// <param name="value">The values of the heads: keyValueRank to <c>heads·valueSize</c>.</param>
    /// <param name="output">The output projection: <c>heads·valueSize</c> to width.</param>
    /// <param name="queryDown">Latents of the queries: width to queryRank; null where queries are projected directly.</param>
    /// <param name="queryNorm">The norm of the queries' latents, or null.</param>
    /// <param name="keyValueNorm">The norm of the latents of keys and values, or null.</param>
    /// <param name="rotary">The rotation of the queries' rotated part and of the shared key, or null where there are none.</param>
    /// <param name="window">Number of tokens that a token sees, itself included; null for all before it.</param>
    /// <param name="postNorm">The norm of the output, before it is added to the stream, or null.</param>
    protected LatentAttention(
        string name,
        int heads,
        NormLayer? norm,
        LinearLayer query,
        LinearLayer keyValueDown,
        LinearLayer key,
        LinearLayer value,
        LinearLayer output,
        LinearLayer? queryDown = null,
        RmsNorm? queryNorm = null,
        RmsNorm? keyValueNorm = null,
        RotaryEmbedding? rotary = null,
        int? window = null,
        NormLayer? postNorm = null
    )
        : base(name, heads, heads, SizeOf(query, heads), window, SizeOf(value, heads))
    {
        this.rotary = rotary;
        (this.queryDown, this.queryNorm, this.keyValueNorm) = (queryDown, queryNorm, keyValueNorm);
        (norms, Query, KeyValueDown, Key, Value, Output) = (new(norm, postNorm), query, keyValueDown, key, value, output);
        if (norm is not null)
            register_module("norm", norm);
        if (queryDown is not null)
            register_module("query_down", queryDown);
        if (queryNorm is not null)
            register_module("query_norm", queryNorm);
        register_module("query", query);
        register_module("key_value_down", keyValueDown);
        if (keyValueNorm is not null)
            register_module("key_value_norm", keyValueNorm);
        register_module("key", key);
        register_module("value", value);
        register_module("output", output);
        if (postNorm is not null)
            register_module("post_norm", postNorm);
    }

    /// <summary>The norm before the attention.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public NormLayer Norm => norms.Before;

    /// <summary>The norm of the output, before it is added to the stream.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public NormLayer PostNorm => norms.After;

    /// <summary>Latents of the queries: width to queryRank.</summary>
    /// <exception cref="InvalidOperationException">Queries are projected directly.</exception>
    public LinearLayer QueryDown => queryDown ?? throw new InvalidOperationException("This attention projects its queries directly.");

    /// <summary>The norm of the queries' latents.</summary>
    /// <exception cref="InvalidOperationException">They have none.</exception>
    public RmsNorm QueryNorm => queryNorm ?? throw new InvalidOperationException("This attention has no norm of queries' latents.");

    /// <summary>The queries, each with its rotated part in front: to <c>heads·(rotarySize + headSize)</c>.</summary>
    public LinearLayer Query { get; private set; }

    /// <summary>Latents of keys and values and the shared key behind them: width to <c>keyValueRank + rotarySize</c>.</summary>
    public LinearLayer KeyValueDown { get; private set; }

    /// <summary>The norm of the latents of keys and values.</summary>
    /// <exception cref="InvalidOperationException">They have none.</exception>
    public RmsNorm KeyValueNorm => keyValueNorm ?? throw new InvalidOperationException("This attention has no norm of latents.");

    /// <summary>The keys of the heads: keyValueRank to <c>heads·headSize</c>.</summary>
    public LinearLayer Key { get; private set; }

    /// <summary>The values of the heads: keyValueRank to <c>heads·valueSize</c>.</summary>
    public LinearLayer Value { get; private set; }

    /// <summary>The output projection: <c>heads·valueSize</c> to width.</summary>
    public LinearLayer Output { get; private set; }

    /// <summary>The rotation of the queries' rotated part and of the shared key.</summary>
    /// <exception cref="InvalidOperationException">Nothing is rotated.</exception>
    protected RotaryEmbedding Rotary => rotary ?? throw new InvalidOperationException("This attention rotates nothing.");

    /// <summary>The norms before and after.</summary>
    private protected SublayerNorms Norms => norms;

    /// <inheritdoc/>
    NormLayer? ISublayer.PostNorm => norms.AfterOrNull;

    /// <summary>The stream in the type of the products, for an attention without a norm before it.</summary>
    /// <param name="x"><c>[batch, sequence, width]</c>.</param>
    protected Tensor InProductType(Tensor x) => norms.InProductType(x);

    /// <summary>Size of the latents of keys and values.</summary>
    private int KeyValueRank => (int)Key.Inputs;

    /// <summary>Elements of a query, and of the shared key, that are rotated.</summary>
    private int RotarySize => (int)(KeyValueDown.Outputs - Key.Inputs);

    /// <summary>Elements of a query and of a head's own key that are not rotated.</summary>
    private int ContentSize => HeadSize - RotarySize;

    /// <inheritdoc/>
    void ILinearHost.Replace(string name, LinearLayer layer)
    {
        switch (name)
        {
            case "query_down":
                queryDown = layer;
                break;
            case "query":
                Query = layer;
                break;
            case "key_value_down":
                KeyValueDown = layer;
                break;
            case "key":
                Key = layer;
                break;
            case "value":
                Value = layer;
                break;
            case "output":
                Output = layer;
                break;
            default:
                throw new ArgumentException($"There is no linear layer '{name}'.", nameof(name));
        }

        register_module(name, null!);
        register_module(name, layer);
    }

    /// <inheritdoc/>
    Tensor ISublayer.Record(ResidualStream stream, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tape);
        using var input = norms.Record(stream, tape);
        using var queries = RecordQueries(input, tape);
        var (keys, values) = RecordKeysAndValues(input, tape);
        using (keys)
        using (values)
        using (var attended = RecordAttention(queries, keys, values, tape))
            return Output.Record(attended, tape);
    }

    /// <inheritdoc/>
    void ISublayer.Backward(Tensor upstream, StreamGradient gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tape);
        HeadGradients heads;
        using (var attendedGradient = Output.Backward(upstream, tape))
            heads = HeadsBackward(attendedGradient, tape);
        using (heads)
        using (var downGradient = KeysAndValuesBackward(heads, tape))
        using (var inputGradient = KeyValueDown.Backward(downGradient, tape))
        {
            QueriesBackward(heads.Queries, inputGradient, tape);
            norms.Backward(inputGradient, gradient, tape);
        }
    }

    /// <inheritdoc/>
    void ISublayer.PlanDecoding(DecodingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.AttendLatents(
            new(this, norms.BeforeOrNull, queryDown, queryNorm, Query, KeyValueDown, keyValueNorm, Key, Value, Output, rotary)
        );
    }

    /// <summary>The latents and shared keys in sight of the new tokens: theirs and those of a cache, to which they are added.</summary>
    /// <param name="latents">Those of the new tokens, <c>[batch, sequence, keyValueRank]</c>.</param>
    /// <param name="sharedKeys">The same of the rotated keys, <c>[batch, sequence, 1, rotarySize]</c>, or null.</param>
    /// <param name="cache">Those of earlier tokens, or null.</param>
    protected LatentRows Remember(Tensor latents, Tensor? sharedKeys, KeyValueCache? cache)
    {
        ArgumentNullException.ThrowIfNull(latents);
        if (cache is null)
            return new(latents.alias(), sharedKeys?.alias(), earlier: 0, cached: null);
        var earlier = cache.Length;
        using var flatKeys = sharedKeys?.squeeze(2);
        using var rows = flatKeys is null ? cache.AppendLatents(this, latents) : cache.AppendLatents(this, latents, flatKeys);
        // The first new token sees the farthest back.
        var hidden = Window is { } window ? Math.Max(0, earlier + 1 - window) : 0;
        var seen = rows.narrow(1, hidden, rows.shape[1] - hidden);
        var rank = latents.shape[2];
        var seenLatents = seen.narrow(2, 0, rank);
        if (sharedKeys is null)
            return new(seenLatents, null, earlier - hidden, seen);
        using var seenKeys = seen.narrow(2, rank, sharedKeys.shape[3]);
        return new(seenLatents, seenKeys.unsqueeze(2), earlier - hidden, seen);
    }

    /// <summary>Which form <see cref="IsAbsorbed"/> takes wherever both can be taken; null for the faster one.</summary>
    internal bool? Absorbs { get; set; }

    /// <summary>
    /// Whether tokens are read without expanding those before them: behind a cache, with weights that are products, where
    /// <see cref="AbsorptionRule"/> finds it faster.
    /// </summary>
    /// <param name="queries">Those of the new tokens, <c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="rows">What is in sight.</param>
    protected bool IsAbsorbed(Tensor queries, LatentRows rows)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Cached is null || !IsCausal || is_grad_enabled() || !HeadProducts.Takes(Key) || !HeadProducts.Takes(Value))
            return false;
        return Absorbs
            ?? AbsorptionRule.PrefersAbsorbed(new(KeyValueRank, RotarySize, ContentSize, ValueSize), queries.shape[1], rows.Tokens);
    }

    /// <summary>
    /// The attention of new tokens over latents: queries go through the keys' weight into the latents' space, and what they attended to
    /// goes
    /// through the values' weight (the paper's section 2.1.2). A bias of the keys would add the same to all scores of a query.
    /// </summary>
    /// <param name="queries"><c>[batch, sequence, heads, rotarySize + headSize]</c>, rotated.</param>
    /// <param name="rows">What is in sight, from a cache.</param>
    /// <returns><c>[batch, sequence, heads·valueSize]</c>.</returns>
    protected Tensor AttendAbsorbed(Tensor queries, LatentRows rows)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(rows);
        var (batch, sequence) = (queries.shape[0], queries.shape[1]);
        using var headsFirst = queries.permute(2, 0, 1, 3);
        using var byHeads = headsFirst.reshape(Heads, batch * sequence, HeadSize);
        using var content = byHeads.narrow(2, RotarySize, ContentSize);
        using var rotated = byHeads.narrow(2, 0, RotarySize);
        using var absorbed = HeadProducts.IntoInputs(Key, content);
        // In the order of a cached row. The operator divides by the root of its size, the attention by that of its own heads'.
        using var joined = cat([absorbed, rotated], 2);
        using var scaled = joined.Times(Math.Sqrt((double)joined.shape[2] / HeadSize));
        // All heads and new tokens of a sequence over the same rows.
        using var apart = scaled.view(Heads, batch, sequence, joined.shape[2]);
        using var sequencesFirst = apart.transpose(0, 1);
        using var q = sequencesFirst.reshape(batch, 1, Heads * sequence, joined.shape[2]);
        using var k = rows.Cached!.unsqueeze(1);
        using var v = rows.Latents.unsqueeze(1);
        using var mask = sequence == 1 ? null : InSight(sequence, rows);
        using var mixed = nn.functional.scaled_dot_product_attention(q, k, v, mask);
        using var mixedApart = mixed.view(batch, Heads, sequence, KeyValueRank);
        using var mixedHeadsFirst = mixedApart.transpose(0, 1);
        using var mixedByHeads = mixedHeadsFirst.reshape(Heads, batch * sequence, KeyValueRank);
        using var attended = HeadProducts.ToOutputs(Value, mixedByHeads);
        using var attendedApart = attended.view(Heads, batch, sequence, ValueSize);
        using var headsLast = attendedApart.permute(1, 2, 0, 3);
        return headsLast.reshape(batch, sequence, (long)Heads * ValueSize);
    }

    // Which rows each new token sees, once for every head: [heads·sequence, tokens].
    private Tensor InSight(long sequence, LatentRows rows)
    {
        using var all = ones(sequence, rows.Tokens, ScalarType.Bool, rows.Latents.device);
        using var noLater = all.tril(rows.Earlier);
        using var seen = Window is { } window ? noLater.triu(rows.Earlier - window + 1) : noLater.alias();
        return seen.repeat(Heads, 1);
    }

    /// <summary>The keys of all heads: the shared one in front of each head's own.</summary>
    /// <param name="content"><c>[batch, tokens, heads, headSize]</c>.</param>
    /// <param name="sharedKeys"><c>[batch, tokens, 1, rotarySize]</c>.</param>
    /// <returns><c>[batch, tokens, heads, rotarySize + headSize]</c>.</returns>
    protected static Tensor JoinKeys(Tensor content, Tensor sharedKeys)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(sharedKeys);
        using var spread = sharedKeys.expand(content.shape[0], content.shape[1], content.shape[2], sharedKeys.shape[3]);
        return cat([spread, content], 3);
    }

    private Tensor RecordQueries(Tensor input, Tape tape)
    {
        using var latents = queryDown?.Record(input, tape);
        using var normed = latents is null ? null : queryNorm?.Record(latents, tape);
        using var projected = Query.Record(normed ?? latents ?? input, tape);
        var queries = projected.view(projected.shape[0], projected.shape[1], Heads, HeadSize);
        rotary?.RotateInPlace(queries, Heads, tape.Documents);
        return queries;
    }

    // Adds to the gradient of the input.
    private void QueriesBackward(Tensor queryGradient, Tensor inputGradient, Tape tape)
    {
        using var contiguous = ActivationMemory.Contiguous(queryGradient);
        rotary?.RotateBack(contiguous, Heads, tape.Documents);
        using var projectedGradient = contiguous.view(contiguous.shape[0], contiguous.shape[1], (long)Heads * HeadSize);
        if (queryDown is null)
        {
            Query.Backward(projectedGradient, tape, into: inputGradient).Dispose();
            return;
        }

        using var normedGradient = Query.Backward(projectedGradient, tape);
        using var latentGradient = NormBackward(queryNorm, normedGradient, tape);
        queryDown.Backward(latentGradient, tape, into: inputGradient).Dispose();
    }

    private (Tensor Keys, Tensor Values) RecordKeysAndValues(Tensor input, Tape tape)
    {
        var (batch, sequence) = (input.shape[0], input.shape[1]);
        using var down = KeyValueDown.Record(input, tape);
        using var rawLatents = Part(down, 0, KeyValueRank);
        using var normed = keyValueNorm?.Record(rawLatents, tape);
        using var expandedKeys = Key.Record(normed ?? rawLatents, tape);
        using var expandedValues = Value.Record(normed ?? rawLatents, tape);
        var values = expandedValues.view(batch, sequence, Heads, ValueSize);
        using var content = expandedKeys.view(batch, sequence, Heads, ContentSize);
        if (rotary is null)
            return (content.alias(), values);

        // Head by head at once, as the attention reads them; the shared key is written to every head.
        using var keys = ActivationMemory.Empty([batch, Heads, sequence, HeadSize], down.dtype, down.device);
        using var contentPlace = keys.narrow(3, RotarySize, ContentSize);
        using var contentByHeads = content.transpose(1, 2);
        contentPlace.copy_(contentByHeads);
        using var flatKey = Part(down, KeyValueRank, RotarySize);
        using var sharedKey = flatKey.view(batch, sequence, 1, RotarySize);
        rotary.RotateInPlace(sharedKey, 1, tape.Documents);
        using var sharedPlace = keys.narrow(3, 0, RotarySize);
        using var sharedByHeads = sharedKey.transpose(1, 2);
        sharedPlace.copy_(sharedByHeads);
        return (keys.transpose(1, 2), values);
    }

    // The gradient of the latents and of the shared key behind them. Uses up those of keys and values.
    private Tensor KeysAndValuesBackward(HeadGradients heads, Tape tape)
    {
        var (batch, sequence) = (heads.Keys.shape[0], heads.Keys.shape[1]);
        var downGradient = ActivationMemory.Empty([batch, sequence, KeyValueDown.Outputs], heads.Keys.dtype, heads.Keys.device);
        Tensor normedGradient;
        using (heads.Values)
        using (var expandedValues = heads.Values.reshape(batch, sequence, (long)Heads * ValueSize))
            normedGradient = Value.Backward(expandedValues, tape);
        using (normedGradient)
        using (heads.Keys)
        {
            if (rotary is not null)
            {
                using var ofHeads = heads.Keys.narrow(3, 0, RotarySize);
                using var sum = ofHeads.sum(2, keepdim: true);
                rotary.RotateBack(sum, 1, tape.Documents);
                using var place = downGradient.narrow(2, KeyValueRank, RotarySize);
                using var flat = sum.squeeze(2);
                place.copy_(flat);
            }

            using (var content = heads.Keys.narrow(3, RotarySize, ContentSize))
            using (var expandedKeys = content.reshape(batch, sequence, (long)Heads * ContentSize))
                Key.Backward(expandedKeys, tape, into: normedGradient).Dispose();
            using var latentGradient = NormBackward(keyValueNorm, normedGradient, tape);
            using var latentPlace = downGradient.narrow(2, 0, KeyValueRank);
            latentPlace.copy_(latentGradient);
        }

        return downGradient;
    }

    private static Tensor NormBackward(RmsNorm? norm, Tensor gradient, Tape tape)
    {
        if (norm is null)
            return gradient.alias();
        var raw = zeros(gradient.shape, gradient.dtype, gradient.device);
        norm.Backward(gradient, tape, raw);
        return raw;
    }

    private static Tensor Part(Tensor down, long first, long size)
    {
        using var part = down.narrow(2, first, size);
        return ActivationMemory.Contiguous(part);
    }

    private static int SizeOf(LinearLayer? layer, int heads) =>
        (int)((layer ?? throw new ArgumentNullException(nameof(layer))).Outputs / heads);
}
