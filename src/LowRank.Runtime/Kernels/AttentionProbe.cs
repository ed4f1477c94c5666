using System.Runtime.InteropServices;
using LowRank.Dispatch;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>Tries an operator of attention on a short sequence, beside products and a softmax in 32 bits.</summary>
internal static class AttentionProbe
{
    private const long Length = 160;
    private const double Tolerance = 0.03;

    /// <summary>Whether the operator is right there, forward and backward.</summary>
    /// <param name="candidate">The operator.</param>
    /// <param name="form">What it is to compute.</param>
    /// <param name="device">Where.</param>
    public static bool IsRight(IAttentionOperator candidate, in AttentionForm form, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (queries, keys, values) = Sample(form, device);
        try
        {
            var (output, kept) = candidate.Forward(queries, keys, values);
            var gradients = candidate.Backward(output, queries, keys, values, output, kept);
            var (exact, exactGradients) = Reference(form, queries, keys, values, output);
            return kept.Length == candidate.KeptCount
                && IsNear(output, exact)
                && IsNear(gradients.Queries, exactGradients[0])
                && IsNear(gradients.Keys, exactGradients[1])
                && IsNear(gradients.Values, exactGradients[2]);
        }
        catch (Exception exception) when (exception is TorchOperatorException or ExternalException)
        {
            return false;
        }
    }

    /// <summary>Inputs side by side, as they are projected. They are drawn by no generator of the run's.</summary>
    public static (Tensor Queries, Tensor Keys, Tensor Values) Sample(in AttentionForm form, Device device)
    {
        using var generator = new Generator(0, CPU);
        using var draw = randn([2, Length, form.Heads + 2 * form.KeyValueHeads, form.HeadSize], generator: generator);
        using var heads = draw.to(form.Type, device);
        using var drawnValues =
            form.ValueSize == form.HeadSize ? null : randn([2, Length, form.KeyValueHeads, form.ValueSize], generator: generator);
        return (
            heads.narrow(2, 0, form.Heads),
            heads.narrow(2, form.Heads, form.KeyValueHeads),
            drawnValues?.to(form.Type, device) ?? heads.narrow(2, form.Heads + form.KeyValueHeads, form.KeyValueHeads)
        );
    }

    private static (Tensor Output, Tensor[] Gradients) Reference(
        in AttentionForm form,
        Tensor queries,
        Tensor keys,
        Tensor values,
        Tensor upstream
    )
    {
        var leaves = Array.ConvertAll([queries, keys, values], input => input.to(ScalarType.Float32, copy: true));
        var gradient = upstream.to(ScalarType.Float32);
        using var recording = enable_grad();
        foreach (var leaf in leaves)
            leaf.requires_grad = true;
        var spreadKeys = leaves[1].repeat_interleave(form.Heads / form.KeyValueHeads, 2);
        var spreadValues = leaves[2].repeat_interleave(form.Heads / form.KeyValueHeads, 2);
        var (q, k, v) = (leaves[0].transpose(1, 2), spreadKeys.permute(0, 2, 3, 1), spreadValues.transpose(1, 2));
        var products = q.matmul(k);
        var scores = products.Times(form.Scale ?? 1 / Math.Sqrt(form.HeadSize));
        var all = ones(Length, Length, ScalarType.Bool, queries.device);
        var noLater = all.tril();
        var seen = noLater.triu(1 - (form.Window ?? Length));
        var hidden = seen.logical_not();
        using Scalar never = double.NegativeInfinity;
        var masked = scores.masked_fill(hidden, never);
        var weights = masked.softmax(-1);
        var attended = weights.matmul(v);
        var output = attended.transpose(1, 2);
        output.backward([gradient]);
        return (output.detach(), Array.ConvertAll(leaves, leaf => leaf.grad!));
    }

    private static bool IsNear(Tensor actual, Tensor exact)
    {
        var wide = actual.to(ScalarType.Float32, copy: true);
        var size = exact.norm();
        var error = wide.sub_(exact);
        var distance = error.norm();
        return distance.item<float>() <= Tolerance * size.item<float>();
    }
}
