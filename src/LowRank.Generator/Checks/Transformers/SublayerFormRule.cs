using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A sublayer is <c>public partial Sublayer Name { get; }</c>, in any accessibility.</summary>
internal sealed class SublayerFormRule : IRule
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model)
    {
        foreach (var sublayer in declaration.Sublayers)
        {
            var property = sublayer.Property;
            if (!property.IsPartial)
                yield return Finding.Of(SublayerRules.PropertyNotPartial, sublayer.Target, property.Name, AttributeOf(sublayer));
            if (!property.IsSublayer)
                yield return Finding.Of(
                    SublayerRules.PropertyType,
                    sublayer.Target,
                    property.Name,
                    $"of type {property.Type.Replace("global::", "")}"
                );
            if (property.IsStatic)
                yield return Finding.Of(SublayerRules.PropertyType, sublayer.Target, property.Name, "static");
            if (property.Accessors.Any(accessor => accessor != "get"))
                yield return Finding.Of(SublayerRules.PropertyType, sublayer.Target, property.Name, "not get-only");
        }
    }

    private static string AttributeOf(SublayerDeclaration sublayer) =>
        sublayer switch
        {
            { Attention: not null } => "Attention",
            { FeedForward: not null } => "FeedForward",
            { LowRanks.Count: > 0 } => "LowRank",
            _ => "Dense",
        };
}
