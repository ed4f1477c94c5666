using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The norms that stand at every sublayer and before the head.</summary>
internal static class NormSource
{
    public static string Type(TransformerModel model) => model.Options.Norm == Norm.LayerNorm ? "Layers::LayerNorm" : "Layers::RmsNorm";

    /// <summary>The norm before a sublayer, or null.</summary>
    public static string Before(TransformerModel model) => model.Options.HasNormBefore ? New(model) : "null";

    /// <summary>The lines in which a sublayer reads the stream, and the variable that they leave.</summary>
    public static string Read(ShapedLines lines, TransformerModel model, string stream)
    {
        if (model.Options.HasNormBefore)
        {
            lines.Add("using var normalized = Norm.forward(x);", stream);
            return "normalized";
        }

        lines.Add("using var input = InProductType(x);", stream);
        return "input";
    }

    /// <summary>The lines in which a sublayer returns what it has computed.</summary>
    public static void Return(ShapedLines lines, TransformerModel model, string output, string stream, string variable = "output")
    {
        if (model.Options.HasNormAfter)
        {
            lines.Add($"using var {variable} = {output};", stream);
            lines.Add($"return PostNorm.forward({variable});", stream);
        }
        else
        {
            lines.Add($"return {output};", stream);
        }
    }

    public static string New(TransformerModel model)
    {
        var options = model.Options;
        return options.Norm == Norm.LayerNorm
            ? $"new Layers::LayerNorm({Literals.Of(options.Width)}, {Literals.Of(options.NormEpsilon)}, bias: {Literals.Of(model.NormHasBias)}, options)"
            : $"new Layers::RmsNorm({Literals.Of(options.Width)}, {Literals.Of(options.NormEpsilon)}, options)";
    }
}
