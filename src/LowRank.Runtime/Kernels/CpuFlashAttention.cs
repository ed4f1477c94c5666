using LowRank.Dispatch;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// FlashAttention as libtorch has it for the CPU: as many key heads as query heads, no windows. Training takes <c>BlockAttention</c>
/// there; this one runs the contract that CUDA's operators share where there is no GPU.
/// </summary>
/// <param name="scale">What products of queries and keys are multiplied by; null for <c>1/√headSize</c>.</param>
internal sealed class CpuFlashAttention(double? scale = null) : HeadMajorAttention
{
    internal static readonly TorchOperator ForwardOperator = new(
        "_scaled_dot_product_flash_attention_for_cpu(Tensor query, Tensor key, Tensor value, float dropout_p=0.0, bool is_causal=False, *, "
            + "Tensor? attn_mask=None, float? scale=None) -> (Tensor output, Tensor logsumexp)"
    );

    internal static readonly TorchOperator BackwardOperator = new(
        "_scaled_dot_product_flash_attention_for_cpu_backward(Tensor grad_out, Tensor query, Tensor key, Tensor value, Tensor out, "
            + "Tensor logsumexp, float dropout_p, bool is_causal, *, Tensor? attn_mask=None, float? scale=None) -> (Tensor grad_query, "
            + "Tensor grad_key, Tensor grad_value)"
    );

    /// <inheritdoc/>
    public override int KeptCount => 1;

    /// <inheritdoc/>
    protected override (Tensor Output, Tensor[] Kept) Attend(Tensor queries, Tensor keys, Tensor values)
    {
        using var results = ForwardOperator.Call(queries, keys, values, 0.0, true, OperatorArgument.None, scale);
        return (results.Tensor(0), [results.Tensor(1)]);
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
            output,
            kept[0],
            0.0,
            true,
            OperatorArgument.None,
            scale
        );
        return (results.Tensor(0), results.Tensor(1), results.Tensor(2));
    }
}
