using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A <c>[LowRank]</c> on a property or class factors something. On the assembly it may be meant for another model.</summary>
internal sealed class SelectsNothingRule : IRule<SizedTransformer>
{
    public IEnumerable<Finding> Check(SizedTransformer transformer)
    {
        var (declaration, model) = transformer;
        foreach (var lowRank in declaration.LowRanks.Where(lowRank => !lowRank.Origin.IsAssembly))
        {
            if (Reason(lowRank, declaration, model) is { } reason)
                yield return Finding.Of(LowRankRules.SelectsNothing, lowRank.Origin, lowRank.Origin.OwnerOf(declaration.Type.Name), reason);
        }
    }

    private static string? Reason(LowRankOptions lowRank, TransformerDeclaration declaration, TransformerModel model)
    {
        if (declaration.Sublayers.Count == 0)
            return "the class has no sublayers";
        var covered = declaration
            .Sublayers.Where(sublayer => lowRank.Origin.Property is null || lowRank.Origin.Property == sublayer.Property.Name)
            .ToList();
        if (lowRank.Origin.Property is not null && covered.All(sublayer => sublayer is { Attention: null, FeedForward: null }))
        {
            return covered.Any(sublayer => sublayer.Part is not null)
                ? "the layers of a [Part] are factored within its own class, where [LowRank] belongs"
                : "the property carries neither [Attention] nor [FeedForward]";
        }

        if (lowRank.Origin.Property is null && covered.All(sublayer => sublayer.IsDense))
            return "every sublayer carries [Dense]";
        // Of a sublayer without sizes, or one that is dense and low rank at once, other rules speak; and of projections that are not there.
        var isUnknown = covered.Any(sublayer =>
            model.Sublayers.All(sized => sized.Name != sublayer.Property.Name) || (sublayer.IsDense && sublayer.LowRanks.Count > 0)
        );
        if (
            isUnknown
            || model.OwnLowRanksInForce.Contains(lowRank)
            || !MissingProjectionRule.Available(lowRank, model).Any(lowRank.Selects)
        )
            return null;
        return NamesTheirBlocks(lowRank, covered, declaration.Transformer.Depth)
            ? "what it could select is exempt by [Dense] or selected by a nearer [LowRank]"
            : $"its Layers \"{lowRank.Layers}\" name no block that has the sublayer";
    }

    private static bool NamesTheirBlocks(LowRankOptions lowRank, List<SublayerDeclaration> covered, int depth)
    {
        var blocks = BlockSet.Of(lowRank.Layers, Math.Max(depth, 1));
        return covered.Any(sublayer =>
            BlockSet
                .Of(sublayer.Layers, Math.Max(depth, 1))
                .Ranges.Any(own => blocks.Ranges.Any(range => range.FirstShared(own) is not null))
        );
    }
}
