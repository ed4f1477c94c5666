using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Every block has at least one sublayer.</summary>
internal sealed class EmptyBlockRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        var depth = declaration.Transformer.Depth;
        if (depth < 1 || declaration.Sublayers.Count == 0)
            yield break;
        var sets = declaration.Sublayers.Select(sublayer => BlockSet.Of(sublayer.Layers, depth)).ToList();
        var empty = new BlockPattern(sets, depth).Group<bool>(block => sets.Any(set => set.Contains(block)) ? null : true).ToList();
        if (empty.Count == 0)
            yield break;
        var count = empty.Sum(group => (long)group.Count);
        yield return Finding.Of(
            SublayerRules.EmptyBlock,
            Target.Class,
            declaration.Type.Name,
            count == 1 ? $"block {empty[0].First}" : $"{count} of its {depth} blocks, block {empty.Min(group => group.First)} first,"
        );
    }
}
