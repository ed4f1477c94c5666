using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks;

/// <summary>The layers of a <c>[LowRank]</c> are a range that selects some of the blocks there are.</summary>
internal sealed class LayersRule : IRule
{
    public IEnumerable<Finding> Check(ModelDeclaration declaration, TransformerModel model)
    {
        var depth = declaration.Transformer.Depth;
        foreach (var lowRank in declaration.LowRanks)
        {
            var target = lowRank.Origin.At("Layers");
            if (LayerRange.Parse(lowRank.Layers) is not { } range)
            {
                yield return Finding.Of(LowRankRules.LayersNotRange, target, lowRank.Layers is { } text ? $"\"{text}\"" : "null")
                    with { Suggestion = ReplacementRange.OfText(lowRank.Layers, depth) };
                continue;
            }

            // Against a depth that is itself refused there is nothing to compare.
            if (depth < 1)
                continue;
            var (first, last) = range.Over(depth);
            var clamped = ReplacementRange.Clamped(first, last, depth);
            if (first < 0 || last < 0 || first > depth || last > depth)
                yield return Finding.Of(LowRankRules.LayersOutsideDepth, target, lowRank.Layers!, first, last, depth, declaration.Type.Name) with { Suggestion = clamped };
            else if (first >= last)
                yield return Finding.Of(LowRankRules.LayersEmpty, target, lowRank.Layers!, first, last) with { Suggestion = clamped };
        }
    }
}
