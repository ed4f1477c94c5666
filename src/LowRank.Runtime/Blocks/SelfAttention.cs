using System.ComponentModel;
using LowRank.Decoding;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// Causal self-attention with its projections and the norms before and after it, as a sublayer: <c>[batch, sequence, width]</c> to the same
/// shape.
/// Generated attention layers derive from it and write down their forward pass.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class SelfAttention : CausalAttention, ISublayer, ILinearHost
{
    private readonly RotaryEmbedding? rotary;
    private readonly SublayerNorms norms;

    /// <summary>Registers the layers.</summary>
    /// <param name="name">The layer's name in error messages.</param>
    /// <param name="heads">Number of query heads.</param>
    /// <param name="keyValueHeads">Number of key and value heads; divides the heads.</param>
    /// <param name="headSize">Size of one head.</param>
    /// <param name="norm">The norm before the attention, or null.</param>
    /// <param name="queryKeyValue">Queries, keys and values side by side: width to <c>(heads + 2·keyValueHeads)·headSize</c>.</param>
    /// <param name="output">The output projection: <c>heads·headSize</c> to width.</param>
    /// <param name="rotary">The rotation of queries and keys, or null.</param>
    /// <param name="window">Number of tokens that a token sees, itself included; null for all before it.</param>
    /// <param name="postNorm">The norm of the output, before it is added to the stream, or null.</param>
    /// <param name="scores">How scores are formed.</param>
    protected SelfAttention(
        string name,
        int heads,
        int keyValueHeads,
        int headSize,
        NormLayer? norm,
        LinearLayer queryKeyValue,
        LinearLayer output,
        RotaryEmbedding? rotary = null,
        int? window = null,
        NormLayer? postNorm = null,
        ScoreForm scores = default
    )
        : this(name, heads, keyValueHeads, headSize, norm, queryKeyValue, output, rotary, window, postNorm, scores, []) { }

    private protected SelfAttention(
        string name,
        int heads,
        int keyValueHeads,
        int headSize,
        NormLayer? norm,
        LinearLayer queryKeyValue,
        LinearLayer output,
        RotaryEmbedding? rotary,
        int? window,
        NormLayer? postNorm,
        ScoreForm scores,
        (string Name, NormLayer Norm)[] headNorms
    )
        : base(name, heads, keyValueHeads, headSize, window, scores: scores)
    {
        this.rotary = rotary;
        (norms, QueryKeyValue, Output) = (new(norm, postNorm), queryKeyValue, output);
        if (norm is not null)
            register_module("norm", norm);
        foreach (var (key, headNorm) in headNorms)
            register_module(key, headNorm);
        register_module("query_key_value", queryKeyValue);
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

    /// <summary>Queries, keys and values side by side: width to <c>(heads + 2·keyValueHeads)·headSize</c>.</summary>
    public LinearLayer QueryKeyValue { get; private set; }

    /// <summary>The output projection: <c>heads·headSize</c> to width.</summary>
    public LinearLayer Output { get; private set; }

    /// <summary>The rotation of queries and keys.</summary>
    /// <exception cref="InvalidOperationException">Positions come from elsewhere.</exception>
    protected RotaryEmbedding Rotary => rotary ?? throw new InvalidOperationException("This attention rotates nothing.");

    /// <summary>Whether queries and keys are rotated.</summary>
    private protected bool IsRotary => rotary is not null;

    /// <summary>The norm of the queries, or null.</summary>
    private protected virtual RmsNorm? NormOfQueries => null;

    /// <summary>The norm of the keys, or null.</summary>
    private protected virtual RmsNorm? NormOfKeys => null;

    /// <summary>The norms before and after.</summary>
    private protected SublayerNorms Norms => norms;

    /// <inheritdoc/>
    NormLayer? ISublayer.PostNorm => norms.AfterOrNull;

    /// <summary>The stream in the type of the products, for an attention without a norm before it.</summary>
    /// <param name="x"><c>[batch, sequence, width]</c>.</param>
    protected Tensor InProductType(Tensor x) => norms.InProductType(x);

    /// <inheritdoc/>
    void ILinearHost.Replace(string name, LinearLayer layer)
    {
        switch (name)
        {
            case "query_key_value":
                QueryKeyValue = layer;
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
        using var input = norms.Record(stream, tape);
        using var projected = QueryKeyValue.Record(input, tape);
        using var heads = projected.view(projected.shape[0], projected.shape[1], Heads + 2 * KeyValueHeads, HeadSize);
        var (queries, keys) = RecordQueriesAndKeys(heads, tape);
        using (queries)
        using (keys)
        using (var values = heads.narrow(2, Heads + KeyValueHeads, KeyValueHeads))
        using (var attended = RecordAttention(queries, keys, values, tape))
            return Output.Record(attended, tape);
    }

    /// <inheritdoc/>
    void ISublayer.Backward(Tensor upstream, StreamGradient gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        Tensor headsGradient;
        using (var attendedGradient = Output.Backward(upstream, tape))
            headsGradient = AttentionBackward(attendedGradient, tape);
        QueriesAndKeysBackward(headsGradient, tape);
        using var projectedGradient = headsGradient.view(
            headsGradient.shape[0],
            headsGradient.shape[1],
            (Heads + 2L * KeyValueHeads) * HeadSize
        );
        headsGradient.Dispose();
        using var inputGradient = QueryKeyValue.Backward(projectedGradient, tape);
        norms.Backward(inputGradient, gradient, tape);
    }

    /// <inheritdoc/>
    void ISublayer.PlanDecoding(DecodingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Attend(this, norms.BeforeOrNull, QueryKeyValue, Output, rotary, NormOfQueries, NormOfKeys);
    }

    /// <summary>What lies between the projection and the scores, in a recorded pass.</summary>
    /// <param name="heads">Queries, keys and values, <c>[batch, sequence, heads + 2·keyValueHeads, headSize]</c>; may be changed.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    private protected virtual (Tensor Queries, Tensor Keys) RecordQueriesAndKeys(Tensor heads, Tape tape)
    {
        // Queries and keys stand side by side and are rotated together.
        rotary?.RotateInPlace(heads, Heads + KeyValueHeads, tape.Documents);
        return (heads.narrow(2, 0, Heads), heads.narrow(2, Heads, KeyValueHeads));
    }

    /// <summary>The backward pass of <see cref="RecordQueriesAndKeys"/>, in place.</summary>
    /// <param name="gradient">Gradient of queries, keys and values, side by side.</param>
    /// <param name="tape">What the forward pass has left.</param>
    private protected virtual void QueriesAndKeysBackward(Tensor gradient, Tape tape) =>
        rotary?.RotateBack(gradient, Heads + KeyValueHeads, tape.Documents);
}
