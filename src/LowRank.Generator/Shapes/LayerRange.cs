using System.Globalization;

namespace LowRank.Generator.Shapes;

/// <summary>
/// A C# range over the depth, such as <c>1..</c>, <c>..^1</c> or <c>2..6</c>, with <c>:2</c> behind it for every second block of it.
/// </summary>
internal readonly record struct LayerRange(LayerIndex Start, LayerIndex End, int Stride, string Text)
{
    public static LayerRange All { get; } = new(new(0, FromEnd: false), new(0, FromEnd: true), 1, "..");

    public static LayerRange? Parse(string text)
    {
        var colon = text.IndexOf(':');
        var stride = 1;
        if (
            colon >= 0
            && (!int.TryParse(text.Substring(colon + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out stride) || stride < 1)
        )
            return null;
        var range = colon < 0 ? text : text.Substring(0, colon);
        var dots = range.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
            return null;
        var start = LayerIndex.Parse(range.Substring(0, dots), All.Start);
        var end = LayerIndex.Parse(range.Substring(dots + 2), All.End);
        return start is null || end is null ? null : new LayerRange(start.Value, end.Value, stride, text.Trim());
    }

    /// <summary>First block and one past the last, counted from the start; not yet held against the depth.</summary>
    public (int First, int Last) Over(int depth) => (Start.Over(depth), End.Over(depth));
}

/// <summary>One end of a <see cref="LayerRange"/>.</summary>
internal readonly record struct LayerIndex(int Value, bool FromEnd)
{
    public static LayerIndex? Parse(string text, LayerIndex whenMissing)
    {
        text = text.Trim();
        if (text.Length == 0)
            return whenMissing;
        var fromEnd = text[0] == '^';
        return int.TryParse(fromEnd ? text.Substring(1) : text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new LayerIndex(value, fromEnd)
            : null;
    }

    public int Over(int depth) => FromEnd ? depth - Value : Value;
}
