using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>Which blocks have a sublayer, as generated code asks for it.</summary>
internal static class BlockPresence
{
    public static bool IsInEvery(SublayerModel sublayer, TransformerModel model) => sublayer.Blocks == model.Options.Depth;

    /// <summary>The pattern that a block's index matches if it is one of the span's.</summary>
    public static string Pattern(BlockSpan span, TransformerModel model)
    {
        if (span.Count == 1)
            return Literals.Of(span.First);
        if (span is { Stride: > 1, Count: <= 3 })
            return string.Join(" or ", Enumerable.Range(0, span.Count).Select(index => Literals.Of(span.First + index * span.Stride)));
        var first = span.First < span.Stride ? null : $">= {Literals.Of(span.First)}";
        var last = span.Last + span.Stride >= model.Options.Depth ? null : $"< {Literals.Of(span.Last + 1)}";
        var range =
            first is null && last is null ? "_"
            : first is null || last is null ? first ?? last!
            : $"{first} and {last}";
        return span.Stride == 1 ? range : $"{range} when index % {Literals.Of(span.Stride)} == {Literals.Of(span.First % span.Stride)}";
    }
}
