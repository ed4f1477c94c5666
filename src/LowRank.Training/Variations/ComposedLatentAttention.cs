using LowRank.Blocks;
using LowRank.Generator.Model;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Training.Variations;

/// <summary>The latent attention of a composed model.</summary>
internal sealed class ComposedLatentAttention : LatentAttention
{
    private readonly AttentionModel sizes;
    private readonly LatentModel latent;

    private ComposedLatentAttention(
        AttentionModel sizes,
        LatentModel latent,
        NormLayer? norm,
        IReadOnlyDictionary<string, LinearLayer> linears,
        RmsNorm? queryNorm,
        RmsNorm? keyValueNorm,
        RotaryEmbedding? rotary,
        NormLayer? postNorm
    )
        : base(
            "AttentionLayer",
            sizes.Heads,
            norm,
            linears["Query"],
            linears["KeyValueDown"],
            linears["Key"],
            linears["Value"],
            linears["Output"],
            linears.GetValueOrDefault("QueryDown"),
            queryNorm,
            keyValueNorm,
            rotary,
            sizes.Window,
            postNorm
        ) => (this.sizes, this.latent) = (sizes, latent);

    /// <summary>The layer of one block.</summary>
    public static ComposedLatentAttention Of(
        AttentionModel attention,
        LatentModel latent,
        BlockSpan span,
        TransformerModel model,
        ComposedLinears linears,
        RotaryEmbedding? rotary,
        ModelOptions options
    )
    {
        var layers = span.Linears.ToDictionary(linear => linear.Name, linears.New, StringComparer.Ordinal);
        return new(
            attention,
            latent,
            ComposedNorm.Before(model, options),
            layers,
            latent.HasNorm && latent.QueryRank > 0 ? Norm(latent.QueryRank) : null,
            latent.HasNorm ? Norm(latent.KeyValueRank) : null,
            rotary,
            ComposedNorm.After(model, options)
        )
        {
            IsCausal = model.Options.Causal,
        };

        RmsNorm Norm(int size) => new(size, model.Options.NormEpsilon, options);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, KeyValueCache? cache)
    {
        var position = cache?.Length ?? 0;
        var isRotary = sizes.RotarySize > 0;
        using var input = Norms.Read(x);
        using var rawQueryLatents = latent.QueryRank > 0 ? QueryDown.forward(input) : null;
        using var queryLatents = rawQueryLatents is not null && latent.HasNorm ? QueryNorm.forward(rawQueryLatents) : null;
        using var projected = Query.forward(queryLatents ?? rawQueryLatents ?? input);
        using var unrotatedQueries = projected.view(x.shape[0], x.shape[1], sizes.Heads, sizes.HeadSize);
        using var queries = isRotary ? Rotary.Rotate(unrotatedQueries, position) : unrotatedQueries.alias();
        using var down = KeyValueDown.forward(input);
        using var rawLatents = down.narrow(2, 0, latent.KeyValueRank);
        using var latents = latent.HasNorm ? KeyValueNorm.forward(rawLatents) : rawLatents.alias();
        using var flatKeys = down.narrow(2, latent.KeyValueRank, sizes.RotarySize);
        using var unrotatedKeys = flatKeys.unsqueeze(2);
        using var sharedKeys = isRotary ? Rotary.Rotate(unrotatedKeys, position) : null;
        using var rows = Remember(latents, sharedKeys, cache);
        if (IsAbsorbed(queries, rows))
        {
            using var absorbed = AttendAbsorbed(queries, rows);
            return Norms.Apply(Output.forward(absorbed));
        }

        using var expandedKeys = Key.forward(rows.Latents);
        using var content = expandedKeys.view(x.shape[0], rows.Tokens, sizes.Heads, latent.ContentSize);
        using var keys = isRotary ? JoinKeys(content, rows.SharedKeys) : content.alias();
        using var expandedValues = Value.forward(rows.Latents);
        using var values = expandedValues.view(x.shape[0], rows.Tokens, sizes.Heads, latent.ValueSize);
        using var attended = AttendBehind(queries, keys, values, rows.Earlier);
        return Norms.Apply(Output.forward(attended));
    }
}
