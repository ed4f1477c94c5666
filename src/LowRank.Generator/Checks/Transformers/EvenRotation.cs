using System.Globalization;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Finds sizes and fractions of heads of which rotary positions turn an even number of elements.</summary>
internal static class EvenRotation
{
    // Beyond that the fraction is so small that nobody means it.
    private const int Farthest = 1_024;

    /// <summary>Heads, or a head size where one is given.</summary>
    public static string? Suggest(AttentionOptions declared, TransformerOptions transformer)
    {
        var candidates = declared.HeadSize is { } headSize
            ? Around(headSize).Select(size => (Value: size, Options: declared with { HeadSize = size }))
            : Around(declared.Heads).Select(heads => (Value: heads, Options: declared with { Heads = heads }));
        return candidates
            .Where(candidate => IsRight(candidate.Options, transformer))
            .Select(candidate => candidate.Value.ToString(CultureInfo.InvariantCulture))
            .FirstOrDefault();
    }

    /// <summary>The nearest fraction of which every attention rotates an even number of elements.</summary>
    public static string? SuggestFraction(IEnumerable<AttentionOptions> attentions, TransformerOptions transformer)
    {
        var all = attentions.ToList();
        var sizes = all.Select(attention => attention.HeadSize ?? transformer.Width / Math.Max(attention.Heads, 1)).ToList();
        return
            sizes
                .Distinct()
                .Where(size => size is > 1 and <= Farthest)
                .SelectMany(size => Enumerable.Range(1, size / 2).Select(pairs => 2.0 * pairs / size))
                .OrderBy(fraction => Math.Abs(fraction - transformer.RotaryFraction))
                .FirstOrDefault(fraction => all.All(attention => IsRight(attention, transformer with { RotaryFraction = fraction })))
                is var found
                    and > 0
            ? Suggestions.Text(found)
            : null;
    }

    /// <summary>Whether an attention has its sizes and, with rotary positions, rotates an even number of elements.</summary>
    public static bool IsRight(AttentionOptions options, TransformerOptions transformer) =>
        options.Heads % Math.Max(options.KeyValueHeads ?? options.Heads, 1) == 0
        && AttentionShape.Infer(options, transformer) is { } attention
        && attention.Rotation is null or { IsEven: true };

    private static IEnumerable<int> Around(int wanted) =>
        Enumerable.Range(1, Farthest).SelectMany(distance => new[] { wanted + distance, wanted - distance }).Where(value => value > 0);
}
