using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A window hides something: it is not larger than the context.</summary>
internal sealed class WindowRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        var context = declaration.Transformer.Context;
        return declaration
            .Sublayers.Where(sublayer => context > 0 && sublayer.Attention?.Window > context)
            .Select(sublayer =>
                Finding.Of(
                    ShapeRules.WindowBeyondContext,
                    (sublayer.Target with { Attribute = "Attention" }).At("Window"),
                    sublayer.Attention!.Window!,
                    sublayer.Property.Name,
                    context
                ) with
                {
                    IsRemovable = true,
                }
            );
    }
}
