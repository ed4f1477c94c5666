using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The norm that stands before every sublayer and before the head.</summary>
internal static class NormSource
{
    public static string Type(TransformerModel model) => model.Options.Norm == Norm.LayerNorm ? "Layers::LayerNorm" : "Layers::RmsNorm";

    public static string New(TransformerModel model)
    {
        var options = model.Options;
        return options.Norm == Norm.LayerNorm
            ? $"new Layers::LayerNorm({Literals.Of(options.Width)}, {Literals.Of(options.NormEpsilon)}, bias: {Literals.Of(model.NormHasBias)}, options)"
            : $"new Layers::RmsNorm({Literals.Of(options.Width)}, {Literals.Of(options.NormEpsilon)}, options)";
    }
}
