using System.Globalization;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>
/// There are experts to choose among and so many to be chosen, which should not be all; and a token's weights are not all 1, or nothing
/// would train the router.
/// </summary>
internal sealed class ExpertsRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration) =>
        declaration.Sublayers.Where(sublayer => sublayer.Experts is not null).SelectMany(sublayer => Check(sublayer, sublayer.Experts!));

    private static IEnumerable<Finding> Check(SublayerDeclaration sublayer, ExpertOptions experts)
    {
        var (name, target) = (sublayer.Property.Name, sublayer.Target with { Attribute = "Experts" });
        if (experts.Count < 2)
            yield return Finding.Of(ExpertRules.TooFew, target.At("count"), name, experts.Count) with
            {
                Suggestion = "8",
            };
        else if (experts.Active < 1 || experts.Active > experts.Count)
        {
            yield return Finding.Of(ExpertRules.ActiveOutOfRange, target.At("active"), name, experts.Active, experts.Count) with
            {
                Suggestion = Math.Min(Math.Max(experts.Active, 1), experts.Count).ToString(CultureInfo.InvariantCulture),
            };
        }
        else if (experts.Active == experts.Count)
            yield return Finding.Of(ExpertRules.AllActive, target.At("active"), name, experts.Count);

        if (experts is { Active: 1, NormalizeWeights: true })
            yield return Finding.Of(ExpertRules.OneWeight, target.At("NormalizeWeights"), name) with
            {
                IsRemovable = true,
            };
    }
}
