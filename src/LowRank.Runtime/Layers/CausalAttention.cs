using System.ComponentModel;
using LowRank.Costs;
using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// The part of self-attention, causal as a rule, that has no weights: who attends to whom. Generated attention layers derive from it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CausalAttention : CachingLayer
{
    // A narrower window does not pay for more calls.
    private const int SmallestChunk = 64;

    // Of queries whose scores are formed one operation after the other.
    private const int CappedChunk = 128;

    private protected CausalAttention(
        string name,
        int heads,
        int keyValueHeads,
        int headSize,
        int? window = null,
        int? valueSize = null,
        ScoreForm scores = default
    )
        : base(name) =>
        (Heads, KeyValueHeads, HeadSize, Window, ValueSize, Scores) = (
            heads,
            keyValueHeads,
            headSize,
            window,
            valueSize ?? headSize,
            scores
        );

    /// <summary>Whether a token sees itself and those before it alone; false for attention in both directions.</summary>
    protected internal bool IsCausal { get; init; } = true;

    /// <summary>Number of query heads.</summary>
    internal int Heads { get; }

    /// <summary>Number of key and value heads; divides the heads.</summary>
    internal int KeyValueHeads { get; }

    /// <summary>Size of one head of queries and keys.</summary>
    internal int HeadSize { get; }

    /// <summary>Size of one head of values.</summary>
    internal int ValueSize { get; }

    /// <summary>Number of tokens that a token sees, itself included; null for all before it.</summary>
    internal int? Window { get; }

    /// <summary>How scores are formed.</summary>
    internal ScoreForm Scores { get; }

    /// <summary>
    /// Forward FLOPs per token of scores and weighted values: <c>2·min(S, window)·heads·(headSize + valueSize)</c>, less what the mask
    /// hides.
    /// </summary>
    /// <param name="context">S, in tokens.</param>
    /// <param name="convention">Whether masked scores count.</param>
    internal long ScoreFlopsPerToken(int context, FlopConvention convention = FlopConvention.Paper)
    {
        var (width, valueWidth) = ((long)Heads * HeadSize, (long)Heads * ValueSize);
        var scores = ScoreFlopFormula.PerToken(width, valueWidth, context, Window);
        return convention == FlopConvention.Causal && IsCausal
            ? scores - ScoreFlopFormula.MaskedPerToken(width, valueWidth, context, Window)
            : scores;
    }

    /// <summary>
    /// Softmax(QKᵀ·scale)·V with a causal mask, a window and a cap of the scores where there are any, scores in no worse than the inputs'
    /// precision.
    /// </summary>
    /// <param name="queries"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="keys"><c>[batch, sequence, keyValueHeads, headSize]</c>.</param>
    /// <param name="values"><c>[batch, sequence, keyValueHeads, valueSize]</c>.</param>
    /// <param name="cache">Keys and values of earlier tokens, which these are added to, or null.</param>
    /// <returns><c>[batch, sequence, heads·valueSize]</c>.</returns>
    protected Tensor Attend(Tensor queries, Tensor keys, Tensor values, KeyValueCache? cache)
    {
        ArgumentNullException.ThrowIfNull(queries);
        if (!IsCausal && cache is not null)
        {
            throw new InvalidOperationException(
                "Attention in both directions keeps no cache: a new token would change what those before it have seen."
            );
        }

        if (cache is null)
            return AttendBehind(queries, keys, values, earlier: 0);
        var earlier = cache.Length;
        var (allKeys, allValues) = cache.Append(this, keys, values);
        using (allKeys)
        using (allValues)
            return AttendBehind(queries, allKeys, allValues, earlier);
    }

    /// <summary>The same where keys and values of the tokens before are given with those of the new ones.</summary>
    /// <param name="queries">Those of the new tokens, <c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="keys"><c>[batch, earlier + sequence, keyValueHeads, headSize]</c>.</param>
    /// <param name="values"><c>[batch, earlier + sequence, keyValueHeads, valueSize]</c>.</param>
    /// <param name="earlier">Number of tokens before the new ones.</param>
    /// <returns><c>[batch, sequence, heads·valueSize]</c>.</returns>
    protected Tensor AttendBehind(Tensor queries, Tensor keys, Tensor values, long earlier)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        if (!IsCausal)
            return Attend(queries, keys, values, mask: null, causal: false);
        var sequence = queries.shape[1];
        if (Window < earlier + sequence || Scores.SoftCap is not null)
            return AttendWithinWindow(queries, keys, values, earlier, Window ?? earlier + sequence);
        if (sequence == 1 || earlier == 0)
            return Attend(queries, keys, values, mask: null, causal: sequence > 1);
        // New token i stands at earlier + i and sees what stands no later.
        using var all = ones(sequence, earlier + sequence, ScalarType.Bool, queries.device);
        using var mask = all.tril(earlier);
        return Attend(queries, keys, values, mask, causal: false);
    }

    /// <summary>A copy of some of the heads, side by side.</summary>
    /// <param name="heads"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    private protected static Tensor Contiguous(Tensor heads, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(heads);
        using var some = heads.narrow(2, first, count);
        return ActivationMemory.Contiguous(some);
    }

    /// <summary>Attention over whole sequences in a recorded pass.</summary>
    /// <param name="queries"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="keys"><c>[batch, sequence, keyValueHeads, headSize]</c>.</param>
    /// <param name="values"><c>[batch, sequence, keyValueHeads, valueSize]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <returns><c>[batch, sequence, heads·valueSize]</c>.</returns>
    private protected Tensor RecordAttention(Tensor queries, Tensor keys, Tensor values, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(tape);
        if (IsCausal && BlockAttention.Takes(queries))
            return BlockAttention.Record(queries, keys, values, Window ?? queries.shape[1], tape, Scores);
        if (tape.Documents is not { } documents)
            return RecordWhole(queries, keys, values, tape);
        var output = ActivationMemory.Empty([queries.shape[0], queries.shape[1], (long)Heads * ValueSize], queries.dtype, queries.device);
        foreach (var document in documents.All)
        {
            using var q = document.Of(queries);
            using var k = document.Of(keys);
            using var v = document.Of(values);
            using var attended = RecordWhole(q, k, v, tape);
            using var place = document.Of(output);
            place.copy_(attended);
        }

        return output;
    }

    private Tensor RecordWhole(Tensor queries, Tensor keys, Tensor values, Tape tape) =>
        OperatorFor(queries) is { } attention
            ? OperatorAttention.Record(attention, queries, keys, values, tape)
            : AutogradSegment.Record(tape, inputs => Attend(inputs[0], inputs[1], inputs[2], cache: null), queries, keys, values);

    /// <summary>The backward pass.</summary>
    /// <param name="gradient">Gradient of the output.</param>
    /// <param name="tape">What <see cref="RecordAttention"/> has left.</param>
    /// <returns>
    /// The gradients of queries, keys and values side by side, as they are projected:
    /// <c>[batch, sequence, heads + 2·keyValueHeads, headSize]</c>. The caller disposes them.
    /// </returns>
    private protected Tensor AttentionBackward(Tensor gradient, Tape tape) => HeadsBackward(gradient, isJoined: true, tape).Join();

    /// <summary>The backward pass, where queries, keys and values are projected apart.</summary>
    /// <param name="gradient">Gradient of the output.</param>
    /// <param name="tape">What <see cref="RecordAttention"/> has left.</param>
    /// <returns>The gradients, each in a tensor of its own. The caller disposes them.</returns>
    private protected HeadGradients HeadsBackward(Tensor gradient, Tape tape) => HeadsBackward(gradient, isJoined: false, tape);

    private HeadGradients HeadsBackward(Tensor gradient, bool isJoined, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tape);
        if (IsCausal && BlockAttention.Takes(gradient))
            return BlockAttention.Backward(gradient, Window ?? gradient.shape[1], isJoined, tape, Scores);
        if (tape.Documents is not { } documents)
            return WholeBackward(gradient, tape);
        var all = new HeadGradients(
            Gradient(gradient, Heads, HeadSize),
            Gradient(gradient, KeyValueHeads, HeadSize),
            Gradient(gradient, KeyValueHeads, ValueSize)
        );
        // Backwards, since the last document's leavings lie on top of the tape.
        foreach (var document in documents.All.Reverse())
        {
            using var own = document.Of(gradient);
            using var gradients = WholeBackward(own, tape);
            using var queries = document.Of(all.Queries);
            using var keys = document.Of(all.Keys);
            using var values = document.Of(all.Values);
            queries.copy_(gradients.Queries);
            keys.copy_(gradients.Keys);
            values.copy_(gradients.Values);
        }

        return all;
    }

    private static Tensor Gradient(Tensor output, long heads, long size) =>
        ActivationMemory.Empty([output.shape[0], output.shape[1], heads, size], output.dtype, output.device);

    private HeadGradients WholeBackward(Tensor gradient, Tape tape)
    {
        if (OperatorFor(gradient) is { } attention)
            return OperatorAttention.Backward(attention, gradient, tape);
        var gradients = AutogradSegment.Backward(tape, gradient, inputs: 3);
        return new(gradients[0], gradients[1], gradients[2]);
    }

    // The same for queries and for the gradient of the output. No operator caps scores.
    private IAttentionOperator? OperatorFor(Tensor tensor) =>
        !IsCausal || Scores.SoftCap is not null
            ? null
            : AttentionOperators.For(
                new(
                    tensor.device.ToString(),
                    tensor.dtype,
                    Heads,
                    KeyValueHeads,
                    HeadSize,
                    Window < tensor.shape[1] ? Window : null,
                    Scores.Scale
                )
                {
                    ValueSize = ValueSize,
                },
                tensor.device
            );

    // Query by query the keys in sight are few, so the queries are taken in chunks with only those keys that one of the chunk sees: the
    // work grows with sequence × (window + chunk), not with the sequence squared, and no score in sight is left out.
    private Tensor AttendWithinWindow(Tensor queries, Tensor keys, Tensor values, long earlier, long width)
    {
        var sequence = queries.shape[1];
        var size = Scores.SoftCap is null ? Math.Max(width, SmallestChunk) : CappedChunk;
        var chunks = new List<Tensor>();
        for (long start = 0; start < sequence; start += size)
        {
            var count = Math.Min(size, sequence - start);
            var firstKey = Math.Max(0, earlier + start - width + 1);
            var keyCount = earlier + start + count - firstKey;
            using var chunkQueries = queries.narrow(1, start, count);
            using var chunkKeys = keys.narrow(1, firstKey, keyCount);
            using var chunkValues = values.narrow(1, firstKey, keyCount);
            // Row i stands at earlier + start + i and sees what stands no later than it and less than a window before it.
            var diagonal = earlier + start - firstKey;
            using var all = ones(count, keyCount, ScalarType.Bool, queries.device);
            using var noLater = all.tril(diagonal);
            using var mask = noLater.triu(diagonal - width + 1);
            chunks.Add(Attend(chunkQueries, chunkKeys, chunkValues, count == 1 ? null : mask, causal: false));
        }

        if (chunks.Count == 1)
            return chunks[0];
        var joined = cat(chunks, 1);
        foreach (var chunk in chunks)
            chunk.Dispose();
        return joined;
    }

    private Tensor Attend(Tensor queries, Tensor keys, Tensor values, Tensor? mask, bool causal)
    {
        using var q = queries.transpose(1, 2);
        using var k = Spread(keys);
        using var v = Spread(values);
        using var attended = Scores.SoftCap is { } cap ? Capped(q, k, v, mask, cap) : Fused(q, k, v, mask, causal);
        using var merged = attended.transpose(1, 2);
        return merged.reshape(queries.shape[0], queries.shape[1], (long)Heads * ValueSize);
    }

    private Tensor Fused(Tensor queries, Tensor keys, Tensor values, Tensor? mask, bool causal)
    {
        // It scales by 1/√headSize.
        using var scaled = Scores.Scale is { } scale ? queries.Times(scale * Math.Sqrt(HeadSize)) : queries.alias();
        return nn.functional.scaled_dot_product_attention(scaled, keys, values, mask, is_casual: causal);
    }

    // One operation after the other, differentiable, in 32 bits at least.
    private Tensor Capped(Tensor queries, Tensor keys, Tensor values, Tensor? mask, double cap)
    {
        using var scope = NewDisposeScope();
        var type = queries.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var products = queries.to(type).matmul(keys.to(type).transpose(2, 3));
        var scores = products.Times(Scores.ScaleOf(HeadSize) / cap).tanh().Times(cap);
        if (mask is not null)
        {
            var never = empty([1], type, scores.device).FillInPlace(double.NegativeInfinity);
            scores = where(mask, scores, never);
        }

        return scope.MoveToOuter(scores.softmax(-1).to(values.dtype).matmul(values));
    }

    // Every key and value head serves heads / keyValueHeads query heads that follow each other.
    private Tensor Spread(Tensor tensor)
    {
        if (KeyValueHeads == Heads)
            return tensor.transpose(1, 2);
        var shape = tensor.shape;
        using var grouped = tensor.unsqueeze(3);
        using var repeated = grouped.expand(shape[0], shape[1], KeyValueHeads, Heads / KeyValueHeads, shape[3]);
        using var spread = repeated.reshape(shape[0], shape[1], Heads, shape[3]);
        return spread.transpose(1, 2);
    }
}
