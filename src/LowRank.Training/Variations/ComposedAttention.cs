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
        if (attention.Latent is { } latent)
            return ComposedLatentAttention.Of(attention, latent, span, model, linears, rotary, options);
        var (queryKeyValue, output) = (linears.NewQueryKeyValue(span, attention), linears.New(span.Linears[^1]));
        var (norm, postNorm) = (ComposedNorm.Before(model, options), ComposedNorm.After(model, options));
        return attention.HasQueryKeyNorm
            ? new Normalized(
                attention,
                norm,
                RmsNorm(attention.QueryNormWidth),
                RmsNorm(attention.KeyNormWidth),
                queryKeyValue,
                output,
                rotary,
                postNorm
            )
            {
                IsCausal = model.Options.Causal,
            }
            : new Plain(attention, norm, queryKeyValue, output, rotary, postNorm) { IsCausal = model.Options.Causal };

        RmsNorm RmsNorm(int width) => new(width, model.Options.NormEpsilon, options);
    }

    private sealed class Plain(
        AttentionModel sizes,
        NormLayer? norm,
        LinearLayer queryKeyValue,
        LinearLayer output,
        RotaryEmbedding? rotary,
        NormLayer? postNorm
    )
        : SelfAttention(
            "AttentionLayer",
            sizes.Heads,
            sizes.KeyValueHeads,
            sizes.HeadSize,
            norm,
            queryKeyValue,
            output,
            rotary,
            sizes.Window,
            postNorm,
            new ScoreForm(sizes.ScoreScale, sizes.ScoreSoftCap)
        )
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor x, KeyValueCache? cache)
        {
            using var input = Norms.Read(x);
            using var projected = QueryKeyValue.forward(input);
            using var heads = projected.view(x.shape[0], x.shape[1], sizes.ProjectedHeads, sizes.HeadSize);
            using var values = heads.narrow(2, sizes.QueryKeyHeads, sizes.KeyValueHeads);
            using var unrotated = heads.narrow(2, 0, sizes.QueryKeyHeads);
            using var rotated = IsRotary ? Rotary.Rotate(unrotated, cache?.Length ?? 0) : unrotated.alias();
            using var queries = rotated.narrow(2, 0, sizes.Heads);
            using var keys = rotated.narrow(2, sizes.Heads, sizes.KeyValueHeads);
            using var attended = Attend(queries, keys, values, cache);
            return Norms.Apply(Output.forward(attended));
        }
    }

    private sealed class Normalized(
        AttentionModel sizes,
        NormLayer? norm,
        RmsNorm queryNorm,
        RmsNorm keyNorm,
        LinearLayer queryKeyValue,
        LinearLayer output,
        RotaryEmbedding? rotary,
        NormLayer? postNorm
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
            sizes.Window,
            postNorm,
            new ScoreForm(sizes.ScoreScale, sizes.ScoreSoftCap)
        )
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor x, KeyValueCache? cache)
        {
            using var input = Norms.Read(x);
            using var projected = QueryKeyValue.forward(input);
            using var heads = projected.view(x.shape[0], x.shape[1], sizes.ProjectedHeads, sizes.HeadSize);
            using var values = heads.narrow(2, sizes.QueryKeyHeads, sizes.KeyValueHeads);
            using var unrotatedQueries = Normalize(QueryNorm, heads, 0, sizes.Heads);
            using var unrotatedKeys = Normalize(KeyNorm, heads, sizes.Heads, sizes.KeyValueHeads);
            using var queries = IsRotary ? Rotary.Rotate(unrotatedQueries, cache?.Length ?? 0) : unrotatedQueries.alias();
            using var keys = IsRotary ? Rotary.Rotate(unrotatedKeys, cache?.Length ?? 0) : unrotatedKeys.alias();
            using var attended = Attend(queries, keys, values, cache);
            return Norms.Apply(Output.forward(attended));
        }

        private Tensor Normalize(RmsNorm norm, Tensor heads, int first, int count)
        {
            using var raw = heads.narrow(2, first, count);
            if (sizes.QueryKeyNorm == QueryKeyNorm.Head)
                return norm.forward(raw);
            using var rows = raw.flatten(2, 3);
            using var normalized = norm.forward(rows);
            return normalized.view(raw.shape);
        }
    }
}
