using LowRank.Dispatch;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>cuDNN's attention: 16-bit types, grouped heads as they are, no windows.</summary>
/// <param name="scale">What products of queries and keys are multiplied by; null for <c>1/√headSize</c>.</param>
internal sealed class CudnnAttention(double? scale = null) : HeadMajorAttention
{
    internal static readonly TorchOperator ForwardOperator = new(
        "_scaled_dot_product_cudnn_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_bias, bool compute_log_sumexp, "
            + "float dropout_p=0.0, bool is_causal=False, bool return_debug_mask=False, *, float? scale=None) -> (Tensor output, "
            + "Tensor logsumexp, Tensor cum_seq_q, Tensor cum_seq_k, SymInt max_q, SymInt max_k, Tensor philox_seed, "
            + "Tensor philox_offset, Tensor debug_attn_mask)"
    );

    internal static readonly TorchOperator BackwardOperator = new(
        "_scaled_dot_product_cudnn_attention_backward(Tensor grad_out, Tensor query, Tensor key, Tensor value, Tensor out, "
            + "Tensor logsumexp, Tensor philox_seed, Tensor philox_offset, Tensor attn_bias, Tensor cum_seq_q, Tensor cum_seq_k, "
            + "SymInt max_q, SymInt max_k, float dropout_p, bool is_causal, *, float? scale=None) -> (Tensor, Tensor, Tensor)"
    );

    /// <inheritdoc/>
    public override int KeptCount => 3;

    /// <inheritdoc/>
    protected override (Tensor Output, Tensor[] Kept) Attend(Tensor queries, Tensor keys, Tensor values)
    {
        using var results = ForwardOperator.Call(queries, keys, values, OperatorArgument.None, true, 0.0, true, false, scale);
        return (results.Tensor(0), [results.Tensor(1), results.Tensor(6), results.Tensor(7)]);
    }

    /// <inheritdoc/>
    protected override (Tensor Queries, Tensor Keys, Tensor Values) Differentiate(
        Tensor gradient,
        Tensor queries,
        Tensor keys,
        Tensor values,
        Tensor output,
        Tensor[] kept
    )
    {
        var sequence = queries.shape[2];
        using var results = BackwardOperator.Call(
            gradient,
            queries,
            keys,
            values,
            output,
            kept[0],
            kept[1],
            kept[2],
            OperatorArgument.None,
            OperatorArgument.None,
            OperatorArgument.None,
            sequence,
            sequence,
            0.0,
            true,
            scale
        );
        return (results.Tensor(0), results.Tensor(1), results.Tensor(2));
    }
}
