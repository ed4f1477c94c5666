using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Of the declarations of low rank at one level, no two select the same linear of the same block.</summary>
internal sealed class OverlapRule : IRule<SizedTransformer>
{
    public IEnumerable<Finding> Check(SizedTransformer transformer)
    {
        var (declaration, model) = transformer;
        return declaration
            .Sublayers.Where(sublayer => model.Sublayers.Any(sized => sized.Name == sublayer.Property.Name))
            .SelectMany(sublayer => LowRankLevels.Of(sublayer, declaration).SelectMany(level => Check(sublayer, level, declaration, model)))
            // One pair of attributes says it once, whatever number of sublayers it concerns.
            .GroupBy(finding => finding.Target)
            .Select(group => group.First());
    }

    private static IEnumerable<Finding> Check(
        SublayerDeclaration sublayer,
        EquatableArray<LowRankOptions> level,
        TransformerDeclaration declaration,
        TransformerModel model
    )
    {
        var depth = Math.Max(declaration.Transformer.Depth, 1);
        var own = BlockSet.Of(sublayer.Layers, depth);
        var linears = model
            .Sublayers.First(sized => sized.Name == sublayer.Property.Name)
            .Linears.Select(pair => pair.Linear.Name)
            .Distinct()
            .ToList();
        for (var second = 1; second < level.Count; second++)
        {
            for (var first = 0; first < second; first++)
            {
                var shared = linears.FirstOrDefault(linear => level[first].Selects(linear) && level[second].Selects(linear));
                if (shared is not null && FirstShared(level[first], level[second], own, depth) is { } block)
                {
                    yield return Finding.Of(
                        LowRankRules.Overlap,
                        level[second].Origin,
                        level[second].Origin.OwnerOf(declaration.Type.Name),
                        $"{sublayer.Property.Name}.{shared}",
                        block,
                        Ordinal(first)
                    );
                    break;
                }
            }
        }
    }

    private static int? FirstShared(LowRankOptions first, LowRankOptions second, BlockSet own, int depth) =>
        BlockSet.FirstSharedBy([BlocksOf(first, depth), BlocksOf(second, depth), own], depth);

    private static BlockSet BlocksOf(LowRankOptions options, int depth) => BlockSet.Of(options.Layers, depth, options.Origin.IsAssembly);

    private static string Ordinal(int index) =>
        index == 0 ? "first"
        : index == 1 ? "second"
        : Finding.Text($"{index + 1}th");
}
