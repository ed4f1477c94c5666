using System.ComponentModel;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// Self-attention whose queries and keys are normalized before they are rotated (QK-norm: Henry et al., 2020, arXiv:2010.04245), by
/// RMSNorm: per head, as Qwen3 has it, or all heads of a token together, as OLMo 2 does. The norms' widths say which.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class NormalizedSelfAttention : SelfAttention
{
    /// <summary>Registers the layers.</summary>
    /// <param name="name">The layer's name in error messages.</param>
    /// <param name="heads">Number of query heads.</param>
    /// <param name="keyValueHeads">Number of key and value heads; divides the heads.</param>
    /// <param name="headSize">Size of one head.</param>
    /// <param name="norm">The norm before the attention, or null.</param>
    /// <param name="queryNorm">The norm of the queries, over <paramref name="headSize"/> or over all heads.</param>
    /// <param name="keyNorm">The norm of the keys, over <paramref name="headSize"/> or over all heads.</param>
    /// <param name="queryKeyValue">Queries, keys and values side by side: width to <c>(heads + 2·keyValueHeads)·headSize</c>.</param>
    /// <param name="output">The output projection: <c>heads·headSize</c> to width.</param>
    /// <param name="rotary">The rotation of queries and keys, or null.</param>
    /// <param name="window">Number of tokens that a token sees, itself included; null for all before it.</param>
    /// <param name="postNorm">The norm of the output, before it is added to the stream, or null.</param>
    /// <param name="scores">How scores are formed.</param>
    protected NormalizedSelfAttention(
        string name,
        int heads,
        int keyValueHeads,
        int headSize,
        NormLayer? norm,
        RmsNorm queryNorm,
        RmsNorm keyNorm,
        LinearLayer queryKeyValue,
        LinearLayer output,
        RotaryEmbedding? rotary = null,
        int? window = null,
        NormLayer? postNorm = null,
        ScoreForm scores = default
    )
        : base(
            name,
            heads,
            keyValueHeads,
            headSize,
            norm,
            queryKeyValue,
            output,
            rotary,
            window,
            postNorm,
            scores,
            [("query_norm", queryNorm), ("key_norm", keyNorm)]
        ) => (QueryNorm, KeyNorm) = (queryNorm, keyNorm);

    /// <summary>The norm of the queries.</summary>
    public RmsNorm QueryNorm { get; }

    /// <summary>The norm of the keys.</summary>
    public RmsNorm KeyNorm { get; }

    private protected override RmsNorm NormOfQueries => QueryNorm;

    private protected override RmsNorm NormOfKeys => KeyNorm;

    private protected override (Tensor Queries, Tensor Keys) RecordQueriesAndKeys(Tensor heads, Tape tape)
    {
        using var rawQueries = Contiguous(heads, 0, Heads);
        using var rawKeys = Contiguous(heads, Heads, KeyValueHeads);
        var queries = Normalize(QueryNorm, rawQueries, tape);
        var keys = Normalize(KeyNorm, rawKeys, tape);
        if (IsRotary)
        {
            Rotary.RotateInPlace(queries, Heads, tape.Documents);
            Rotary.RotateInPlace(keys, KeyValueHeads, tape.Documents);
        }

        return (queries, keys);
    }

    private protected override void QueriesAndKeysBackward(Tensor gradient, Tape tape)
    {
        HeadsBackward(gradient, Heads, KeyValueHeads, KeyNorm, tape);
        HeadsBackward(gradient, 0, Heads, QueryNorm, tape);
    }

    private static Tensor Normalize(RmsNorm norm, Tensor heads, Tape tape)
    {
        using var rows = Rows(norm, heads);
        using var normalized = norm.Record(rows, tape);
        return normalized.view(heads.shape);
    }

    // Heads as the norm takes them: one by one, or all of a token in one row.
    private static Tensor Rows(RmsNorm norm, Tensor heads) => heads.view(heads.shape[0], heads.shape[1], -1, norm.Norm.Width);

    private void HeadsBackward(Tensor gradient, int first, int count, RmsNorm norm, Tape tape)
    {
        using var normed = gradient.narrow(2, first, count);
        using var normalized = normed.contiguous();
        using var raw = zeros(normalized.shape, normalized.dtype, normalized.device);
        if (IsRotary)
            Rotary.RotateBack(normalized, count, tape.Documents);
        using (var rows = Rows(norm, normalized))
        using (var rawRows = Rows(norm, raw))
            norm.Backward(rows, tape, rawRows);
        normed.copy_(raw);
    }
}
