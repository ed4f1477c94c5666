using LowRank.Generator.Model;
using LowRank.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Of the attributes of one kind at one level, no two select the same linear of the same block.</summary>
/// <param name="rule">What is said of two that do.</param>
/// <param name="levels">The levels that a sublayer is subject to.</param>
/// <param name="namesFirst">Whether the message says which of them is the first.</param>
internal sealed class OverlapRule<TSelector>(
    DiagnosticDescriptor rule,
    Func<SublayerDeclaration, TransformerDeclaration, IEnumerable<EquatableArray<TSelector>>> levels,
    bool namesFirst
) : IRule<SizedTransformer>
    where TSelector : ILinearSelector, IEquatable<TSelector>
{
    public IEnumerable<Finding> Check(SizedTransformer transformer)
    {
        var (declaration, model) = transformer;
        return declaration
            .Sublayers.Where(sublayer => model.Sublayers.Any(sized => sized.Name == sublayer.Property.Name))
            .SelectMany(sublayer => levels(sublayer, declaration).SelectMany(level => Check(sublayer, level, transformer)))
            // One pair of attributes says it once, whatever number of sublayers it concerns.
            .GroupBy(finding => finding.Target)
            .Select(group => group.First());
    }

    private IEnumerable<Finding> Check(SublayerDeclaration sublayer, EquatableArray<TSelector> level, SizedTransformer transformer)
    {
        var depth = Math.Max(transformer.Declaration.Transformer.Depth, 1);
        var own = BlockSet.Of(sublayer.Layers, depth);
        var linears = transformer
            .Model.Sublayers.First(sized => sized.Name == sublayer.Property.Name)
            .Linears.Select(pair => pair.Linear.Name)
            .Distinct()
            .ToList();
        for (var second = 1; second < level.Count; second++)
        {
            for (var first = 0; first < second; first++)
            {
                var shared = linears.FirstOrDefault(linear => level[first].Selects(linear) && level[second].Selects(linear));
                if (
                    shared is null
                    || BlockSet.FirstSharedBy([BlockSet.Of(level[first], depth), BlockSet.Of(level[second], depth), own], depth)
                        is not { } block
                )
                    continue;
                var origin = level[second].Origin;
                var owner = origin.OwnerOf(transformer.Declaration.Type.Name);
                var linear = $"{sublayer.Property.Name}.{shared}";
                yield return namesFirst
                    ? Finding.Of(rule, origin, owner, linear, block, Ordinal(first))
                    : Finding.Of(rule, origin, owner, linear, block);
                break;
            }
        }
    }

    private static string Ordinal(int index) =>
        index == 0 ? "first"
        : index == 1 ? "second"
        : Finding.Text($"{index + 1}th");
}
