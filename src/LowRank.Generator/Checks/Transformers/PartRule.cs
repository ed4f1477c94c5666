using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A part of a transformer is a module that a block can run, and says nothing that only a module's part can.</summary>
internal sealed class PartRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        foreach (var sublayer in declaration.Sublayers)
        {
            if (sublayer.Part is not { } part)
                continue;
            var target = sublayer.Target with { Attribute = "Part" };
            if (part.Obstacle is { } obstacle)
                yield return Finding.Of(SublayerRules.PartUnfit, target, sublayer.Property.Name, obstacle);
            if (part.HasCount)
            {
                yield return IdleOption.Of(
                    target.At("Count"),
                    sublayer.Property.Name,
                    "a sublayer has one part in each of its blocks, which Layers names"
                );
            }
        }
    }
}
