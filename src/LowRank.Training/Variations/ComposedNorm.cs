using LowRank.Generator.Model;
using LowRank.Layers;

namespace LowRank.Training.Variations;

/// <summary>The norm that stands before every sublayer and before the head of a composed model.</summary>
internal static class ComposedNorm
{
    public static NormLayer Of(TransformerModel model, ModelOptions options) =>
        model.Options.Norm == Norm.LayerNorm
            ? new LayerNorm(model.Options.Width, model.Options.NormEpsilon, bias: model.NormHasBias, options)
            : new RmsNorm(model.Options.Width, model.Options.NormEpsilon, options);
}
