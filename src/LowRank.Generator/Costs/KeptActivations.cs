using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>
/// The bytes per token that autograd keeps from forward to backward, read off the generated code: each operation keeps what its
/// derivative needs, and a tensor that two of them keep counts once. docs/memory.md lists them.
/// </summary>
internal static class KeptActivations
{
    // Ids and the ids that follow them, 64 bits each.
    private const int Ids = 2 * 8;

    // The logarithm of a row's summed scores is a 32-bit float in any precision.
    private const int LogSumExp = 4;

    /// <summary>Outside the blocks: ids, the stream that enters the final norm, and the hidden states.</summary>
    public static long Outside(TransformerModel model, Precision precision) =>
        checked(Ids + Stream(model, precision) + Norm(model, precision) + (long)model.Options.Width * precision.Computed);

    /// <summary>One sublayer in one block, its norm and (unless another sublayer of the block shares it) its residual stream included.</summary>
    public static long Of(SublayerModel sublayer, BlockSpan span, TransformerModel model, Precision precision)
    {
        checked
        {
            // Beside one another, all sublayers of a block read one stream.
            var ownsStream = model.Options.Residual != Residual.Parallel || sublayer.Name == model.Sublayers[0].Name;
            var stream = ownsStream ? Stream(model, precision) : 0;
            var input = (long)model.Options.Width * precision.Computed;
            var inner = span.Linears.Sum(linear => IsFactored(linear, precision) ? (long)linear.Rank : 0) * precision.Computed;
            return stream + Norm(model, precision) + input + inner + (sublayer.Attention is { } attention
                ? Attention(attention, precision)
                : (long)sublayer.FeedForward!.Hidden * HiddenTensors(sublayer.FeedForward) * precision.Computed);
        }
    }

    /// <summary>Whether a linear computes through its factors, so that it keeps Vx.</summary>
    public static bool IsFactored(LinearModel linear, Precision precision) =>
        linear.LowRank is { } lowRank && !(precision.IsGuided && lowRank.HasGuide);

    private static long Stream(TransformerModel model, Precision precision) => (long)model.Options.Width * precision.Stored;

    // RMSNorm is written out: it keeps the scaled input and the scale. LayerNorm keeps mean and deviation. Both keep the stream, counted there.
    private static long Norm(TransformerModel model, Precision precision) =>
        (model.Options.Norm == LowRank.Norm.RmsNorm ? model.Options.Width + 1L : 2L) * precision.Stored;

    private static long Attention(AttentionModel attention, Precision precision)
    {
        checked
        {
            long width = attention.Width;
            long keyValueWidth = attention.KeyValueWidth;
            var isGrouped = attention.KeyValueHeads != attention.Heads;
            var isRotary = attention.RotarySize > 0;
            // The attended values are the output projection's input, too.
            var numbers = width;
            // The fused projection lives while a view of it does: ungrouped values, queries that nothing has copied, inputs of the heads' norms.
            if (!isGrouped || (attention.HasQueryKeyNorm ? !precision.IsMixed : !isRotary))
                numbers += width + 2 * keyValueWidth;
            // Queries and keys as rotated or normalised; grouped keys that stand in a tensor of their own are spread, and only the copy is kept.
            if (isRotary || attention.HasQueryKeyNorm)
                numbers += width + (attention.HasQueryKeyNorm && isGrouped ? 0 : keyValueWidth);
            if (isGrouped)
                numbers += 2 * width;
            return numbers * precision.Computed + (long)LogSumExp * attention.Heads + QueryKeyNorm(attention, precision);
        }
    }

    // Scaled heads and scales, and in mixed precision the heads themselves, cast to 32 bits.
    private static long QueryKeyNorm(AttentionModel attention, Precision precision) => attention.HasQueryKeyNorm
        ? checked((((long)attention.Width + attention.KeyValueWidth) * (precision.IsMixed ? 2 : 1) + attention.QueryKeyHeads) * precision.Stored)
        : 0;

    // What activation, gate and the linear behind them keep. A rectified tensor is both its activation's result and the next one's input.
    private static int HiddenTensors(FeedForwardOptions options) => (options.Activation == Activation.Relu ? 1 : 2) + (options.Gated ? 2 : 0);
}
