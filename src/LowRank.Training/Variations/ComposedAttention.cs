using LowRank.Blocks;
using LowRank.Generator.Model;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Training.Variations;

/// <summary>The attention of a composed model.</summary>
internal static class ComposedAttention
{
    /// <summary>The layer of one block.</summary>
    public static nn.Module Of(
        AttentionModel attention,
        BlockSpan span,
        TransformerModel model,
        ComposedLinears linears,
        RotaryEmbedding? rotary,
        ModelOptions options
    )
    {
        var (queryKeyValue, output) = (linears.NewQueryKeyValue(span, attention), linears.New(span.Linears[^1]));
        var norm = ComposedNorm.Of(model, options);
        return attention.HasQueryKeyNorm
            ? new Normalized(attention, norm, HeadNorm(), HeadNorm(), queryKeyValue, output, rotary)
            : new Plain(attention, norm, queryKeyValue, output, rotary);

        RmsNorm HeadNorm() => new(attention.HeadSize, model.Options.NormEpsilon, options);
    }

    private sealed class Plain(AttentionModel sizes, NormLayer norm, LinearLayer queryKeyValue, LinearLayer output, RotaryEmbedding? rotary)
        : SelfAttention(
            "AttentionLayer",
            sizes.Heads,
            sizes.KeyValueHeads,
            sizes.HeadSize,
            norm,
            queryKeyValue,
            output,
            rotary,
            sizes.Window
        )
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor x, KeyValueCache? cache)
        {
            using var normalized = Norm.forward(x);
            using var projected = QueryKeyValue.forward(normalized);
            using var heads = projected.view(x.shape[0], x.shape[1], sizes.ProjectedHeads, sizes.HeadSize);
            using var values = heads.narrow(2, sizes.QueryKeyHeads, sizes.KeyValueHeads);
            using var unrotated = heads.narrow(2, 0, sizes.QueryKeyHeads);
            using var rotated = IsRotary ? Rotary.Rotate(unrotated, cache?.Length ?? 0) : unrotated.alias();
            using var queries = rotated.narrow(2, 0, sizes.Heads);
            using var keys = rotated.narrow(2, sizes.Heads, sizes.KeyValueHeads);
            using var attended = Attend(queries, keys, values, cache);
            return Output.forward(attended);
        }
    }

    private sealed class Normalized(
        AttentionModel sizes,
        NormLayer norm,
        RmsNorm queryNorm,
        RmsNorm keyNorm,
        LinearLayer queryKeyValue,
        LinearLayer output,
        RotaryEmbedding? rotary
    )
        : NormalizedSelfAttention(
            "AttentionLayer",
            sizes.Heads,
            sizes.KeyValueHeads,
            sizes.HeadSize,
            norm,
            queryNorm,
            keyNorm,
            queryKeyValue,
            output,
            rotary,
            sizes.Window
        )
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor x, KeyValueCache? cache)
        {
            using var normalized = Norm.forward(x);
            using var projected = QueryKeyValue.forward(normalized);
            using var heads = projected.view(x.shape[0], x.shape[1], sizes.ProjectedHeads, sizes.HeadSize);
            using var values = heads.narrow(2, sizes.QueryKeyHeads, sizes.KeyValueHeads);
            using var rawQueries = heads.narrow(2, 0, sizes.Heads);
            using var rawKeys = heads.narrow(2, sizes.Heads, sizes.KeyValueHeads);
            using var unrotatedQueries = QueryNorm.forward(rawQueries);
            using var unrotatedKeys = KeyNorm.forward(rawKeys);
            using var queries = IsRotary ? Rotary.Rotate(unrotatedQueries, cache?.Length ?? 0) : unrotatedQueries.alias();
            using var keys = IsRotary ? Rotary.Rotate(unrotatedKeys, cache?.Length ?? 0) : unrotatedKeys.alias();
            using var attended = Attend(queries, keys, values, cache);
            return Output.forward(attended);
        }
    }
}
