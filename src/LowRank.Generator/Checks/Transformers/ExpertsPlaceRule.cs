using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Experts are feed-forward layers: <c>[Experts]</c> stands beside <c>[FeedForward]</c>, which says what one of them is.</summary>
internal sealed class ExpertsPlaceRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration) =>
        declaration
            .Sublayers.Where(sublayer => sublayer is { Experts: not null, FeedForward: null })
            .Select(sublayer =>
                Finding.Of(ExpertRules.WithoutFeedForward, sublayer.Target with { Attribute = "Experts" }, sublayer.Property.Name)
            );
}
