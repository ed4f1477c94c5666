using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>
/// The bytes per token that the tape keeps from forward to backward, read off the generated code: each operation keeps what its
/// derivative needs, and a tensor that two of them keep counts once. docs/memory.md lists them.
/// </summary>
internal static class KeptActivations
{
    // Ids and the ids that follow them, 64 bits each.
    public const int Ids = 2 * 8;

    private const int IndexBytes = 8;

    // The logarithm of a row's summed scores is a 32-bit float in any precision.
    private const int LogSumExp = 4;

    /// <summary>Outside the blocks: ids, and the stream that enters the final norm.</summary>
    public static long Outside(TransformerModel model, Precision precision) =>
        checked(Ids + Stream(model, precision) + Norm(model, precision));

    /// <summary>
    /// One sublayer in one block, its norm and (unless another sublayer of the block shares it) its residual stream included.
    /// </summary>
    public static long Of(SublayerModel sublayer, BlockSpan span, TransformerModel model, Precision precision)
    {
        checked
        {
            var inner =
                span.Linears.Sum(linear =>
                    IsFactored(linear, precision) ? InnerTensors(linear.LowRank!) * (long)linear.Rank * linear.Active : 0
                ) * precision.Computed;
            return Reading(sublayer, model, precision)
                + (model.Options.HasNormAfter ? Output(model, precision) + Norm(model, precision) : 0)
                + inner
                + (
                    sublayer.Attention is { } attention ? Attention(attention, precision)
                    : sublayer.Part is { } part ? Part(part, span, model, precision)
                    : Hidden(sublayer) * precision.Computed + Routed(sublayer, model, precision)
                );
        }
    }

    /// <summary>Whether a linear computes through its factors, so that it keeps Vx.</summary>
    public static bool IsFactored(LinearModel linear, Precision precision) =>
        linear.LowRank is { } lowRank && !(precision.IsGuided && lowRank.HasGuide);

    /// <summary>What a sublayer writes: a norm after it keeps it.</summary>
    public static long Output(TransformerModel model, Precision precision) => (long)model.Options.Width * precision.Computed;

    // The stream, what the norm before the sublayer keeps, and what it leaves; or the stream in the type of the products.
    private static long Reading(SublayerModel sublayer, TransformerModel model, Precision precision)
    {
        checked
        {
            // Beside one another, all sublayers of a block read one stream.
            var ownsStream = model.Options.Residual != Residual.Parallel || sublayer.Name == model.Sublayers[0].Name;
            var input = (long)model.Options.Width * precision.Computed;
            if (model.Options.HasNormBefore)
                return (ownsStream ? Stream(model, precision) : 0) + Norm(model, precision) + input;
            // In its own type it is the stream itself.
            return ownsStream || precision.IsMixed ? input : 0;
        }
    }

    // Vx; or before and after the activation of it, where a rectified tensor stands for both.
    private static int InnerTensors(LowRankOptions lowRank) => lowRank.Activation is null or Activation.Relu ? 1 : 2;

    private static long Stream(TransformerModel model, Precision precision) => (long)model.Options.Width * precision.Stored;

    // RMSNorm keeps a row's scale, LayerNorm its mean and deviation. Both keep the stream, counted there.
    private static long Norm(TransformerModel model, Precision precision) =>
        (model.Options.Norm == LowRank.Norm.RmsNorm ? 1L : 2L) * precision.Stored;

    // Autograd keeps what the module computes: the output, and within it what is declared, or at least the linears' inputs.
    private static long Part(PartOptions part, BlockSpan span, TransformerModel model, Precision precision) =>
        checked((model.Options.Width + (part.KeptPerToken ?? span.Linears.Sum(linear => (long)linear.Inputs))) * precision.Computed);

    // The latents, as they are multiplied and before their norm; queries and keys with their rotated parts, values, what was attended to.
    private static long Latent(AttentionModel attention, LatentModel latent, Precision precision)
    {
        checked
        {
            var latents = ((long)latent.KeyValueRank + latent.QueryRank) * (latent.HasNorm ? 2 : 1);
            var numbers = latents + 2L * attention.Width + 2L * attention.ValueWidth;
            return numbers * precision.Computed + (long)LogSumExp * attention.Heads + (long)latent.Norms * precision.Stored;
        }
    }

    private static long Attention(AttentionModel attention, Precision precision)
    {
        if (attention.Latent is { } latent)
            return Latent(attention, latent, precision);
        checked
        {
            long width = attention.Width;
            long keyValueWidth = attention.KeyValueWidth;
            // Queries, keys and values, head by head, and what was attended to: the output projection's input, too.
            var numbers = 2 * width + 2 * keyValueWidth;
            // The heads' norms keep their inputs.
            if (attention.HasQueryKeyNorm)
                numbers += width + keyValueWidth;
            var scales = attention.QueryKeyNorm switch
            {
                QueryKeyNorm.Head => attention.QueryKeyHeads,
                QueryKeyNorm.Projection => 2,
                _ => 0,
            };
            return numbers * precision.Computed + (long)LogSumExp * attention.Heads + (long)scales * precision.Stored;
        }
    }

    // Numbers of the hidden layers: of a mixture those of the active experts and of the shared ones.
    private static long Hidden(SublayerModel sublayer)
    {
        var options = sublayer.FeedForward!;
        checked
        {
            var each = (long)options.Hidden * HiddenTensors(options);
            return sublayer.Experts is { } experts ? each * experts.Active + each * (experts.Shared ?? 0) : each;
        }
    }

    // Every score, the indices of the chosen experts, and what each of these made of the token.
    private static long Routed(SublayerModel sublayer, TransformerModel model, Precision precision) =>
        sublayer.Experts is { } experts
            ? checked(
                (long)experts.Count * precision.Stored
                + experts.Active * (long)IndexBytes
                + (long)experts.Active * model.Options.Width * precision.Computed
            )
            : 0;

    // Before and after the activation; a rectified tensor stands for both. A gate keeps both branches, and their product is formed again in
    // the backward pass.
    private static int HiddenTensors(FeedForwardOptions options) => options is { Gated: false, Activation: Activation.Relu } ? 1 : 2;
}
