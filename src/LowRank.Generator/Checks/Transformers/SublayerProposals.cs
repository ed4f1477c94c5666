using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>The sublayers that a model of some width usually has: heads of 64 or so, and a hidden layer of four times the width.</summary>
internal static class SublayerProposals
{
    /// <summary>Attributes as C# writes them, or null for a width that has no proposal.</summary>
    public static string? For(TransformerOptions transformer)
    {
        var width = transformer.Width;
        if (width < 2 || width % 2 != 0 || width > int.MaxValue / 4)
            return null;
        // Half the width divides into heads of even size, which rotary positions need.
        var heads = Divisors.Nearest(width / 2, Math.Max(1, width / 64));
        return Suggestions.OneOf(
            FormattableString.Invariant($"Attention(heads: {heads})"),
            FormattableString.Invariant($"FeedForward(hidden: {4 * width})")
        );
    }
}
