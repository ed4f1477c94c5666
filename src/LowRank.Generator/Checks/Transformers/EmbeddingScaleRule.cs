using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>The tokens' vectors are scaled by √width or by a number, and not by both.</summary>
internal sealed class EmbeddingScaleRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        if (declaration.Transformer is { ScaleEmbeddings: true, EmbeddingScale: { } scale })
            yield return Finding.Of(
                ShapeRules.TwoEmbeddingScales,
                new Target(Attribute: "Transformer").At("EmbeddingScale"),
                declaration.Type.Name,
                scale
            ) with
            {
                IsRemovable = true,
            };
    }
}
