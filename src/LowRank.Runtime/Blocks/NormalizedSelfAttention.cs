using System.ComponentModel;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// Self-attention whose query and key heads are normalized before they are rotated (QK-norm: Henry et al., 2020, arXiv:2010.04245; by
/// RMSNorm per head, as Qwen3 has it).
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class NormalizedSelfAttention : SelfAttention
{
    /// <summary>Registers the layers.</summary>
    /// <param name="name">The layer's name in error messages.</param>
    /// <param name="heads">Number of query heads.</param>
    /// <param name="keyValueHeads">Number of key and value heads; divides the heads.</param>
    /// <param name="headSize">Size of one head.</param>
    /// <param name="norm">The norm before the attention.</param>
    /// <param name="queryNorm">The norm of every query head, over <paramref name="headSize"/>.</param>
    /// <param name="keyNorm">The norm of every key head, over <paramref name="headSize"/>.</param>
    /// <param name="queryKeyValue">Queries, keys and values side by side: width to <c>(heads + 2·keyValueHeads)·headSize</c>.</param>
    /// <param name="output">The output projection: <c>heads·headSize</c> to width.</param>
    /// <param name="rotary">The rotation of queries and keys, or null.</param>
    /// <param name="window">Number of tokens that a token sees, itself included; null for all before it.</param>
    protected NormalizedSelfAttention(
        string name,
        int heads,
        int keyValueHeads,
        int headSize,
        NormLayer norm,
        RmsNorm queryNorm,
        RmsNorm keyNorm,
        LinearLayer queryKeyValue,
        LinearLayer output,
        RotaryEmbedding? rotary = null,
        int? window = null
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
            [("query_norm", queryNorm), ("key_norm", keyNorm)]
        ) => (QueryNorm, KeyNorm) = (queryNorm, keyNorm);

    /// <summary>The norm of every query head.</summary>
    public RmsNorm QueryNorm { get; }

    /// <summary>The norm of every key head.</summary>
    public RmsNorm KeyNorm { get; }

    private protected override RmsNorm NormOfQueries => QueryNorm;

    private protected override RmsNorm NormOfKeys => KeyNorm;

    private protected override (Tensor Queries, Tensor Keys) RecordQueriesAndKeys(Tensor heads, Tape tape)
    {
        using var rawQueries = Contiguous(heads, 0, Heads);
        using var rawKeys = Contiguous(heads, Heads, KeyValueHeads);
        var queries = QueryNorm.Record(rawQueries, tape);
        var keys = KeyNorm.Record(rawKeys, tape);
        if (IsRotary)
        {
            Rotary.RotateInPlace(queries, Heads);
            Rotary.RotateInPlace(keys, KeyValueHeads);
        }

        return (queries, keys);
    }

    private protected override void QueriesAndKeysBackward(Tensor gradient, Tape tape)
    {
        HeadsBackward(gradient, Heads, KeyValueHeads, KeyNorm, tape);
        HeadsBackward(gradient, 0, Heads, QueryNorm, tape);
    }

    private void HeadsBackward(Tensor gradient, int first, int count, RmsNorm norm, Tape tape)
    {
        using var normed = gradient.narrow(2, first, count);
        using var normalized = normed.contiguous();
        using var raw = zeros(normalized.shape, normalized.dtype, normalized.device);
        if (IsRotary)
            Rotary.RotateBack(normalized, count);
        norm.Backward(normalized, tape, raw);
        normed.copy_(raw);
    }
}
