using System.Globalization;

namespace LowRank.Training.Pretrained.Declarations;

/// <summary>Some of a model's blocks as <c>Layers</c> writes them.</summary>
internal static class LayersText
{
    /// <summary>One range where that says it, else as many as there are runs; <c>..</c> for all blocks.</summary>
    /// <param name="blocks">The blocks, ascending.</param>
    /// <param name="depth">The model's depth.</param>
    public static string Of(IReadOnlyList<int> blocks, int depth)
    {
        var stride = blocks.Count > 1 ? blocks[1] - blocks[0] : 1;
        if (blocks.Zip(blocks.Skip(1), (block, next) => next - block).All(distance => distance == stride))
            return Range(blocks[0], blocks[^1], stride, depth);
        var runs = new List<string>();
        for (var (index, first) = (0, 0); index < blocks.Count; index++)
        {
            if (index + 1 < blocks.Count && blocks[index + 1] == blocks[index] + 1)
                continue;
            runs.Add(Range(blocks[first], blocks[index], 1, depth));
            first = index + 1;
        }

        return string.Join(", ", runs);
    }

    private static string Range(int first, int last, int stride, int depth)
    {
        var (begin, end) = (first == 0 ? "" : Text(first), last + stride >= depth ? "" : Text(last + 1));
        return $"{begin}..{end}{(stride == 1 ? "" : $":{Text(stride)}")}";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
