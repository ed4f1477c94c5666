using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A sublayer's Bias names projections that it has; of queries, keys and values, which are one product, all or none.</summary>
internal sealed class BiasRule : IRule<TransformerDeclaration>
{
    private const Projections Joined = Projections.Query | Projections.Key | Projections.Value;

    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        foreach (var sublayer in declaration.Sublayers)
        {
            var name = sublayer.Property.Name;
            if (sublayer.Attention is { Bias: { } ofAttention, IsLatent: var isLatent, QueryRank: var queryRank })
            {
                var ways = isLatent ? Projections.KeyValueDown | (queryRank is null ? 0 : Projections.QueryDown) : 0;
                var target = (sublayer.Target with { Attribute = "Attention" }).At("Bias");
                foreach (var finding in Missing(target, name, ofAttention, Joined | Projections.Output | ways))
                    yield return finding;
                if (!isLatent && (ofAttention & Joined) is not 0 and not Joined)
                    yield return Finding.Of(SublayerRules.PartialBias, target, name, ofAttention & Joined) with
                    {
                        Suggestion = Suggestions.OneOf(Written(ofAttention | Joined), Written(ofAttention & ~Joined)),
                    };
            }

            if (sublayer.FeedForward is { Bias: { } ofFeedForward, Gated: var isGated })
            {
                var there = Projections.Up | Projections.Down | (isGated ? Projections.Gate : 0);
                var target = (sublayer.Target with { Attribute = "FeedForward" }).At("Bias");
                foreach (var finding in Missing(target, name, ofFeedForward, there))
                    yield return finding;
            }
        }
    }

    // Numbers that are no projections are another rule's.
    private static IEnumerable<Finding> Missing(Target target, string name, Projections bias, Projections there)
    {
        var missing = bias & ~there & Projections.All;
        if (bias != Projections.All && missing != 0)
            yield return Finding.Of(SublayerRules.MissingBias, target, name, missing, there) with
            {
                Suggestion = Written(bias & there),
            };
    }

    private static string Written(Projections projections) =>
        string.Join(" | ", projections.ToString().Split([", "], StringSplitOptions.None).Select(name => $"Projections.{name}"));
}
