using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A <c>[LowRank]</c> factors something.</summary>
internal sealed class SelectsNothingRule : IRule
{
    public IEnumerable<Finding> Check(ModelDeclaration declaration, TransformerModel model)
    {
        foreach (var sublayer in declaration.Sublayers)
        {
            if (sublayer is { LowRank: { } lowRank, Attention: null, FeedForward: null })
            {
                yield return Finding.Of(LowRankRules.SelectsNothing, lowRank.Origin, sublayer.Property.Name,
                    "the property carries neither [Attention] nor [FeedForward]");
            }
        }

        if (declaration.LowRank is { } onClass && declaration.Sublayers.All(sublayer => sublayer.IsDense || sublayer.LowRank is not null))
        {
            yield return Finding.Of(LowRankRules.SelectsNothing, onClass.Origin, declaration.Type.Name,
                declaration.Sublayers.Count == 0 ? "the class has no sublayers" : "every sublayer carries [Dense] or a [LowRank] of its own");
        }
    }
}
