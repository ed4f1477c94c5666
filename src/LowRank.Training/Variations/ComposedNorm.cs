using LowRank.Generator.Model;
using LowRank.Layers;

namespace LowRank.Training.Variations;

/// <summary>The norms that stand at every sublayer and before the head of a composed model.</summary>
internal static class ComposedNorm
{
    /// <summary>The norm before the head.</summary>
    public static NormLayer Of(TransformerModel model, ModelOptions options) =>
        model.Options.Norm == Norm.LayerNorm
            ? new LayerNorm(model.Options.Width, model.Options.NormEpsilon, bias: model.NormHasBias, options)
            : new RmsNorm(model.Options.Width, model.Options.NormEpsilon, options);

    /// <summary>The norm before a sublayer, or null.</summary>
    public static NormLayer? Before(TransformerModel model, ModelOptions options) =>
        model.Options.HasNormBefore ? Of(model, options) : null;

    /// <summary>The norm after a sublayer, or null.</summary>
    public static NormLayer? After(TransformerModel model, ModelOptions options) => model.Options.HasNormAfter ? Of(model, options) : null;
}
