using LowRank.Generator.Model;
using LowRank.Layers;

namespace LowRank.Training.Variations;

/// <summary>The tables of rotary angles of a composed model.</summary>
internal static class ComposedRotation
{
    public static RotaryEmbedding Of(RotationModel rotation, int context, ModelOptions options) =>
        new(context, rotation.Size, rotation.Base, options, rotation.Scaling is { } scaling ? Of(scaling) : null);

    private static RotaryScaling Of(RotaryScalingOptions options)
    {
        var usual = new RotaryScaling(options.Type, options.Factor);
        return usual with
        {
            OriginalContext = options.OriginalContext ?? usual.OriginalContext,
            LowFrequencyFactor = options.LowFrequencyFactor ?? usual.LowFrequencyFactor,
            HighFrequencyFactor = options.HighFrequencyFactor ?? usual.HighFrequencyFactor,
            BetaFast = options.BetaFast ?? usual.BetaFast,
            BetaSlow = options.BetaSlow ?? usual.BetaSlow,
            AttentionFactor = options.AttentionFactor,
            ShortFactors = [.. options.ShortFactors],
            LongFactors = [.. options.LongFactors],
        };
    }
}
