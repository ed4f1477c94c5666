using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>Infers the sizes of attention sublayers.</summary>
internal static class AttentionShape
{
    /// <summary>The sizes, or null where the declared ones do not give any.</summary>
    /// <param name="options">What the attention declares.</param>
    /// <param name="transformer">What the transformer declares.</param>
    /// <param name="scaling">How its rotary frequencies are scaled, or null.</param>
    public static AttentionModel? Infer(AttentionOptions options, TransformerOptions transformer, RotaryScalingOptions? scaling = null)
    {
        if (options.Heads < 1 || transformer.Width < 1 || options.KeyValueHeads < 1 || options.HeadSize < 1)
            return null;
        if (options.HeadSize is null && transformer.Width % options.Heads != 0)
            return null;
        var headSize = options.HeadSize ?? transformer.Width / options.Heads;
        if (options.IsLatent)
            return Latent(options, headSize, transformer, scaling);
        // The four projections are sized by heads × head size, which has to stay an Int32.
        if ((long)options.Heads * headSize > int.MaxValue || (long)(options.KeyValueHeads ?? options.Heads) * headSize > int.MaxValue)
            return null;
        return new(
            options.Heads,
            options.KeyValueHeads ?? options.Heads,
            headSize,
            options.Rotates(transformer) ? Rotation(headSize, options, transformer, scaling) : null,
            options.QueryKeyNorm,
            transformer.Causal ? options.Window : null
        )
        {
            ScoreScale = options.ScoreScale,
            ScoreSoftCap = options.ScoreSoftCap,
        };
    }

    /// <summary>The sizes that latent attention makes of its options, which have to stay Int32.</summary>
    /// <param name="options">The options.</param>
    /// <param name="headSize">Its head size, declared or inferred.</param>
    /// <returns>Argument, product or sum in words, and value of each.</returns>
    public static IEnumerable<(string Argument, FormattableString Words, long Value)> LatentSizes(AttentionOptions options, int headSize)
    {
        var rotarySize = options.RotarySize ?? 0;
        var valueSize = options.ValueSize ?? headSize;
        yield return (
            "RotarySize",
            $"{options.Heads} heads × (head size {headSize} + rotary size {rotarySize})",
            options.Heads * ((long)headSize + rotarySize)
        );
        yield return ("ValueSize", $"{options.Heads} heads × value size {valueSize}", (long)options.Heads * valueSize);
        yield return (
            "KeyValueRank",
            $"rank {options.KeyValueRank ?? 0} + rotary size {rotarySize}",
            (long)(options.KeyValueRank ?? 0) + rotarySize
        );
    }

    private static AttentionModel? Latent(
        AttentionOptions options,
        int headSize,
        TransformerOptions transformer,
        RotaryScalingOptions? scaling
    )
    {
        if (options.KeyValueRank < 1 || options.QueryRank < 1 || options.RotarySize < 1 || options.ValueSize < 1)
            return null;
        if (LatentSizes(options, headSize).Any(size => size.Value is > int.MaxValue or < 0))
            return null;
        var rotation = options.Rotates(transformer)
            ? new RotationModel(options.RotarySize ?? 0, options.RotaryBase ?? transformer.RotaryBase, scaling)
            : null;
        return new(
            options.Heads,
            options.Heads,
            headSize + (rotation?.Size ?? 0),
            rotation,
            QueryKeyNorm.None,
            transformer.Causal ? options.Window : null
        )
        {
            Latent = new(options.KeyValueRank!.Value, options.QueryRank ?? 0, headSize, options.ValueSize ?? headSize, options.LatentNorm),
        };
    }

    public static IEnumerable<LinearModel> Linears(AttentionModel attention, AttentionOptions options, TransformerOptions transformer)
    {
        var biases = Biases(options, transformer);
        if (attention.Latent is { } latent)
        {
            if (latent.QueryRank > 0)
                yield return new("QueryDown", transformer.Width, latent.QueryRank, (biases & Projections.QueryDown) != 0, LowRank: null);
            var queryInputs = latent.QueryRank > 0 ? latent.QueryRank : transformer.Width;
            yield return new("Query", queryInputs, attention.Width, (biases & Projections.Query) != 0, LowRank: null);
            yield return new(
                "KeyValueDown",
                transformer.Width,
                latent.KeyValueRank + attention.RotarySize,
                (biases & Projections.KeyValueDown) != 0,
                LowRank: null
            );
            yield return new(
                "Key",
                latent.KeyValueRank,
                attention.Heads * latent.ContentSize,
                (biases & Projections.Key) != 0,
                LowRank: null
            );
            yield return new("Value", latent.KeyValueRank, attention.ValueWidth, (biases & Projections.Value) != 0, LowRank: null);
            yield return new("Output", attention.ValueWidth, transformer.Width, (biases & Projections.Output) != 0, LowRank: null);
            yield break;
        }

        yield return new("Query", transformer.Width, attention.Width, (biases & Projections.Query) != 0, LowRank: null);
        yield return new("Key", transformer.Width, attention.KeyValueWidth, (biases & Projections.Key) != 0, LowRank: null);
        yield return new("Value", transformer.Width, attention.KeyValueWidth, (biases & Projections.Value) != 0, LowRank: null);
        yield return new("Output", attention.Width, transformer.Width, (biases & Projections.Output) != 0, LowRank: null);
    }

    /// <summary>The projections that add a bias.</summary>
    public static Projections Biases(AttentionOptions options, TransformerOptions transformer) =>
        options.Bias
        ?? transformer.Bias switch
        {
            Bias.All => Projections.All,
            Bias.QueryKeyValue => Projections.Query
                | Projections.Key
                | Projections.Value
                | Projections.QueryDown
                | Projections.KeyValueDown,
            _ => Projections.None,
        };

    // Rounded down, as GPT-NeoX does: 25 % of a head of 64 is 16.
    private static RotationModel Rotation(
        int headSize,
        AttentionOptions options,
        TransformerOptions transformer,
        RotaryScalingOptions? scaling
    )
    {
        var fraction = options.RotaryFraction ?? transformer.RotaryFraction;
        return new(fraction is > 0 and <= 1 ? (int)(headSize * fraction) : 0, options.RotaryBase ?? transformer.RotaryBase, scaling);
    }
}
