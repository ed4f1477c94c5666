using System.Globalization;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Finds heads, or a head size where one is given, of which rotary positions turn an even number of elements.</summary>
internal static class EvenRotation
{
    // Beyond that the fraction is so small that nobody means it.
    private const int Farthest = 1_024;

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

    private static bool IsRight(AttentionOptions options, TransformerOptions transformer) =>
        options.Heads % (options.KeyValueHeads ?? options.Heads) == 0
        && AttentionShape.Infer(options, transformer) is { RotarySize: > 0 } attention
        && attention.RotarySize % 2 == 0;

    private static IEnumerable<int> Around(int wanted) =>
        Enumerable.Range(1, Farthest).SelectMany(distance => new[] { wanted + distance, wanted - distance }).Where(value => value > 0);
}
