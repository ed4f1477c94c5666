using System.Collections.Concurrent;
using LowRank.Dispatch;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// Which of libtorch's operators computes an attention: on CUDA its own choice, else the next one; each is tried once on a short sequence
/// and taken if it is right there, forward and backward.
/// </summary>
internal static class AttentionOperators
{
    private const long Cudnn = 3;
    private const long Efficient = 2;

    private static readonly ConcurrentDictionary<AttentionForm, IAttentionOperator?> Chosen = new();

    internal static readonly TorchOperator Choice = new(
        "_fused_sdp_choice(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0.0, bool is_causal=False, *, "
            + "float? scale=None, bool enable_gqa=False) -> int"
    );

    /// <summary>The operator for a form; null where none can be had.</summary>
    /// <param name="form">The form.</param>
    /// <param name="device">Its device.</param>
    public static IAttentionOperator? For(in AttentionForm form, Device device)
    {
        if (device.type != TorchSharp.DeviceType.CUDA || !Choice.CanBeCalled)
            return null;
        return Chosen.GetOrAdd(
            form,
            (wanted, where) => Candidates(wanted, where).FirstOrDefault(each => AttentionProbe.IsRight(each, wanted, where)),
            device
        );
    }

    private static IEnumerable<IAttentionOperator> Candidates(AttentionForm form, Device device)
    {
        // FlashAttention takes values of the keys' size alone.
        var hasOwnValueSize = form.ValueSize != form.HeadSize;
        IAttentionOperator flash = new FlashAttention(form.Window, form.Scale);
        if (hasOwnValueSize)
            flash = new PaddedAttention(flash);
        if (form.Window is not null)
        {
            yield return flash;
            yield break;
        }

        var choice = ChoiceOf(form, device);
        if (choice == Cudnn)
            yield return new CudnnAttention(form.Scale);
        if (choice != Efficient || hasOwnValueSize)
            yield return flash;
        var efficient = new EfficientAttention(form.Scale);
        yield return form.KeyValueHeads == form.Heads ? efficient : new SpreadAttention(efficient);
    }

    // What libtorch takes for scaled_dot_product_attention: it knows the card and its libraries.
    private static long ChoiceOf(AttentionForm form, Device device)
    {
        using var scope = NewDisposeScope();
        var (queries, keys, values) = AttentionProbe.Sample(form, device);
        try
        {
            var (q, k, v) = (queries.transpose(1, 2), keys.transpose(1, 2), values.transpose(1, 2));
            using var results = Choice.Call(
                q,
                k,
                v,
                OperatorArgument.None,
                0.0,
                true,
                OperatorArgument.None,
                form.Heads != form.KeyValueHeads
            );
            return results.Integer(0);
        }
        catch (TorchOperatorException)
        {
            return Efficient;
        }
    }
}
