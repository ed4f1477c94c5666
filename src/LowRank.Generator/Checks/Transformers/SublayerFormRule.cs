using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A sublayer is <c>public partial Sublayer Name { get; }</c>, in any accessibility.</summary>
internal sealed class SublayerFormRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        foreach (var sublayer in declaration.Sublayers)
        {
            var property = sublayer.Property;
            if (property is { IsPartial: false, Oddity: null })
                yield return Finding.Of(SublayerRules.PropertyNotPartial, sublayer.Target, property.Name, AttributeOf(sublayer));
            foreach (var wrong in PropertyForm.Wrong(property, property.IsSublayer))
                yield return Finding.Of(SublayerRules.PropertyType, sublayer.Target, property.Name, wrong);
        }
    }

    private static string AttributeOf(SublayerDeclaration sublayer) =>
        sublayer switch
        {
            { Attention: not null } => "Attention",
            { FeedForward: not null } => "FeedForward",
            { Part: not null } => "Part",
            { Experts: not null } => "Experts",
            { LowRanks.Count: > 0 } => "LowRank",
            _ => "Dense",
        };
}
