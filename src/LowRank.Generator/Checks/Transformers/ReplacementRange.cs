using System.Globalization;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A range over the depth in place of one that is none, is empty, or reaches outside.</summary>
internal static class ReplacementRange
{
    /// <summary>
    /// A block's number in place of a range means that block, or all from it on; ranges with strides that are none are meant without.
    /// </summary>
    public static string OfText(string? text, int depth) =>
        LayerRanges.Parse(WithoutStrides(text)) is not null && text!.Contains(":") ? $"\"{WithoutStrides(text)}\""
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var block) && block < depth
            ? Suggestions.OneOf(Literal(block, block + 1, depth), Literal(block, depth, depth))
        : Literal(0, depth, depth);

    private static string? WithoutStrides(string? text) =>
        text is null ? null : string.Join(", ", text.Split(',').Select(range => range.Split(':')[0].Trim()));

    /// <summary>The part of it that lies within the depth; the nearest block where there is none.</summary>
    public static string Clamped(int first, int last, int depth)
    {
        var (start, end) = (Clamp(first, depth), Clamp(last, depth));
        // Written from high to low.
        if (start > end)
            (start, end) = (end, start);
        if (start == end)
            (start, end) = start < depth ? (start, start + 1) : (depth - 1, depth);
        return Literal(start, end, depth);
    }

    private static int Clamp(int block, int depth) => Math.Max(0, Math.Min(block, depth));

    private static string Literal(int first, int last, int depth)
    {
        var start = first == 0 ? "" : first.ToString(CultureInfo.InvariantCulture);
        var end = last == depth ? "" : last.ToString(CultureInfo.InvariantCulture);
        return $"\"{start}..{end}\"";
    }
}
