using LowRank.Dispatch;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// FlashAttention (Dao, 2023, arXiv:2307.08691) as libtorch has it for CUDA: 16-bit types, grouped heads and windows as they are.
/// </summary>
/// <param name="window">Number of tokens that a token sees, itself included; null for all before it.</param>
/// <param name="scale">What products of queries and keys are multiplied by; null for <c>1/√headSize</c>.</param>
internal sealed class FlashAttention(long? window, double? scale = null) : IAttentionOperator
{
    internal static readonly TorchOperator ForwardOperator = new(
        "_flash_attention_forward(Tensor query, Tensor key, Tensor value, Tensor? cum_seq_q, Tensor? cum_seq_k, SymInt max_q, SymInt max_k, "
            + "float dropout_p, bool is_causal, bool return_debug_mask, *, float? scale=None, SymInt? window_size_left=None, "
            + "SymInt? window_size_right=None, Tensor? seqused_k=None, Tensor? alibi_slopes=None) -> (Tensor output, "
            + "Tensor softmax_logsumexp, Tensor rng_state, Tensor unused, Tensor debug_attn_mask)"
    );

    internal static readonly TorchOperator BackwardOperator = new(
        "_flash_attention_backward(Tensor grad_out, Tensor query, Tensor key, Tensor value, Tensor out, Tensor logsumexp, Tensor cum_seq_q, "
            + "Tensor cum_seq_k, SymInt max_q, SymInt max_k, float dropout_p, bool is_causal, Tensor rng_state, Tensor unused, *, "
            + "float? scale=None, SymInt? window_size_left=None, SymInt? window_size_right=None) -> (Tensor, Tensor, Tensor)"
    );

    /// <inheritdoc/>
    public int KeptCount => 3;

    // The operator counts the tokens before a token, and none behind it.
    private long? Left => window - 1;

    private long? Right => window is null ? null : 0;

    /// <inheritdoc/>
    public (Tensor Output, Tensor[] Kept) Forward(Tensor queries, Tensor keys, Tensor values)
    {
        var sequence = queries.shape[1];
        using var results = ForwardOperator.Call(
            queries,
            keys,
            values,
            OperatorArgument.None,
            OperatorArgument.None,
            sequence,
            sequence,
            0.0,
            true,
            false,
            scale,
            Left,
            Right,
            OperatorArgument.None,
            OperatorArgument.None
        );
        return (results.Tensor(0), [results.Tensor(1), results.Tensor(2), results.Tensor(3)]);
    }

    /// <inheritdoc/>
    public (Tensor Queries, Tensor Keys, Tensor Values) Backward(
        Tensor gradient,
        Tensor queries,
        Tensor keys,
        Tensor values,
        Tensor output,
        Tensor[] kept
    )
    {
        var sequence = queries.shape[1];
        using var results = BackwardOperator.Call(
            gradient,
            queries,
            keys,
            values,
            output,
            kept[0],
            OperatorArgument.None,
            OperatorArgument.None,
            sequence,
            sequence,
            0.0,
            true,
            kept[1],
            kept[2],
            scale,
            Left,
            Right
        );
        return (results.Tensor(0), results.Tensor(1), results.Tensor(2));
    }
}
