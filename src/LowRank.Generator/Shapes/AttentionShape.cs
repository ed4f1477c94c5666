using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>Infers the sizes of attention sublayers.</summary>
internal static class AttentionShape
{
    /// <summary>The sizes, or null where the declared ones do not give any.</summary>
    public static AttentionModel? Infer(AttentionOptions options, TransformerOptions transformer)
    {
        if (options.Heads < 1 || transformer.Width < 1 || options.KeyValueHeads < 1 || options.HeadSize < 1)
            return null;
        if (options.HeadSize is null && transformer.Width % options.Heads != 0)
            return null;
        var headSize = options.HeadSize ?? transformer.Width / options.Heads;
        // The four projections are sized by heads × head size, which has to stay an Int32.
        if ((long)options.Heads * headSize > int.MaxValue || (long)(options.KeyValueHeads ?? options.Heads) * headSize > int.MaxValue)
            return null;
        return new(
            options.Heads,
            options.KeyValueHeads ?? options.Heads,
            headSize,
            options.Rotates(transformer) ? Rotation(headSize, options, transformer) : null,
            options.QueryKeyNorm,
            options.Window
        );
    }

    public static IEnumerable<LinearModel> Linears(AttentionModel attention, TransformerOptions transformer)
    {
        var hasBias = transformer.Bias != Bias.None;
        yield return new("Query", transformer.Width, attention.Width, hasBias, LowRank: null);
        yield return new("Key", transformer.Width, attention.KeyValueWidth, hasBias, LowRank: null);
        yield return new("Value", transformer.Width, attention.KeyValueWidth, hasBias, LowRank: null);
        yield return new("Output", attention.Width, transformer.Width, transformer.Bias == Bias.All, LowRank: null);
    }

    // Rounded down, as GPT-NeoX does: 25 % of a head of 64 is 16.
    private static RotationModel Rotation(int headSize, AttentionOptions options, TransformerOptions transformer)
    {
        var fraction = options.RotaryFraction ?? transformer.RotaryFraction;
        return new(fraction is > 0 and <= 1 ? (int)(headSize * fraction) : 0, options.RotaryBase ?? transformer.RotaryBase);
    }
}
