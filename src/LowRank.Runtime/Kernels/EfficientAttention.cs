using LowRank.Dispatch;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// Memory-efficient attention (Rabe and Staats, 2021, arXiv:2112.05682) as libtorch has it for CUDA: any type up to 32 bits, as many key
/// heads as query heads.
/// </summary>
/// <param name="scale">What products of queries and keys are multiplied by; null for <c>1/√headSize</c>.</param>
internal sealed class EfficientAttention(double? scale = null) : HeadMajorAttention
{
    private static readonly bool[] WantedGradients = [true, true, true, false];

    internal static readonly TorchOperator ForwardOperator = new(
        "_scaled_dot_product_efficient_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_bias, bool compute_log_sumexp, "
            + "float dropout_p=0.0, bool is_causal=False, *, float? scale=None) -> (Tensor output, Tensor log_sumexp, "
            + "Tensor philox_seed, Tensor philox_offset)"
    );

    internal static readonly TorchOperator BackwardOperator = new(
        "_scaled_dot_product_efficient_attention_backward(Tensor grad_out_, Tensor query, Tensor key, Tensor value, Tensor attn_bias, "
            + "Tensor out, Tensor logsumexp, Tensor philox_seed, Tensor philox_offset, float dropout_p, bool[4] grad_input_mask, "
            + "bool is_causal=False, *, float? scale=None) -> (Tensor, Tensor, Tensor, Tensor)"
    );

    /// <inheritdoc/>
    public override int KeptCount => 3;

    /// <inheritdoc/>
    protected override (Tensor Output, Tensor[] Kept) Attend(Tensor queries, Tensor keys, Tensor values)
    {
        using var results = ForwardOperator.Call(queries, keys, values, OperatorArgument.None, true, 0.0, true, scale);
        return (results.Tensor(0), [results.Tensor(1), results.Tensor(2), results.Tensor(3)]);
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
        using var results = BackwardOperator.Call(
            gradient,
            queries,
            keys,
            values,
            OperatorArgument.None,
            output,
            kept[0],
            kept[1],
            kept[2],
            0.0,
            WantedGradients,
            true,
            scale
        );
        return (results.Tensor(0), results.Tensor(1), results.Tensor(2));
    }
}
