using System.Globalization;
using LowRank.Costs;

namespace LowRank.Training.Wording;

/// <summary>Writes which blocks a part of a model covers.</summary>
internal static class BlockRange
{
    /// <summary><c>0</c>, <c>1–23</c>, <c>0, 2 … 22</c>, or a dash for what stands outside the blocks.</summary>
    public static string Of(SublayerCost part)
    {
        // The kinds that stand in blocks; everything else is there once for the whole model.
        if (!part.IsInBlocks && (part.Kind != "norm" || part.Count == 1))
            return "–";
        var last = part.Blocks.Last();
        if (part.Stride > 1 && part.Count > 1)
        {
            return part.Count <= 3
                ? string.Join(", ", part.Blocks.Select(block => block.ToString(CultureInfo.InvariantCulture)))
                : string.Create(CultureInfo.InvariantCulture, $"{part.FirstBlock}, {part.FirstBlock + part.Stride} … {last}");
        }

        return last == part.FirstBlock
            ? part.FirstBlock.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{part.FirstBlock}–{last}");
    }
}
