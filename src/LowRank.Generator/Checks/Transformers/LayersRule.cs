using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>The layers of an attribute are ranges that select some of the blocks there are, each of them once.</summary>
internal sealed class LayersRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration) =>
        Written(declaration)
            .SelectMany(written =>
                Check(written.Target, written.Layers, declaration).Select(finding => Adapt(finding, written, declaration))
            )
            .Concat(StridesOf(declaration));

    /// <summary>Every <c>Layers</c> of the declaration and its place.</summary>
    private static IEnumerable<(Target Target, string? Layers, bool IsRecipe)> Written(TransformerDeclaration declaration) =>
        declaration
            .Sublayers.SelectMany(sublayer =>
                new (string Name, string? Layers)[]
                {
                    ("Attention", sublayer.Attention is null ? ".." : sublayer.Attention.Layers),
                    ("FeedForward", sublayer.FeedForward is null ? ".." : sublayer.FeedForward.Layers),
                    ("Part", sublayer.Part is null ? ".." : sublayer.Part.Layers),
                }.Select(pair => ((sublayer.Target with { Attribute = pair.Name }).At("Layers"), pair.Layers, false))
            )
            .Concat(declaration.LowRanks.Select(lowRank => (lowRank.Origin.At("Layers"), lowRank.Layers, lowRank.IsRecipe)))
            .Concat(declaration.Loras.Select(lora => (lora.Origin.At("Layers"), lora.Layers, false)));

    // The recipe's layers are written nowhere, and other layers beside it would be something else: all of it is written out.
    private static Finding Adapt(
        Finding finding,
        (Target Target, string? Layers, bool IsRecipe) written,
        TransformerDeclaration declaration
    )
    {
        if (!written.IsRecipe)
            return finding;
        var gate = declaration.Sublayers.Any(sublayer => sublayer.FeedForward is { Gated: true }) ? "Projections.Gate | " : "";
        var projections = written.Target.Property is null ? $", Projections = {gate}Projections.Up | Projections.Down" : "";
        return finding with
        {
            Suggestion = $"LowRank(Ratio = {Suggestions.Text(LowRankOptions.RecipeRatio)}, Guide = Guide.None{projections})",
            SuggestionFor = written.Target with { Argument = null },
        };
    }

    private static IEnumerable<Finding> Check(Target target, string? layers, TransformerDeclaration declaration)
    {
        if (LayerRanges.Parse(layers) is not { } ranges)
        {
            yield return Finding.Of(LowRankRules.LayersNotRange, target, layers is null ? "null" : $"\"{layers}\"", Wrong(layers)) with
            {
                Suggestion = ReplacementRange.OfText(layers, declaration.Transformer.Depth),
            };
            yield break;
        }

        // Against a depth that is itself refused there is nothing to compare. A declaration on the assembly is made for any depth.
        var depth = declaration.Transformer.Depth;
        if (depth < 1 || target.IsAssembly)
            yield break;
        var isSound = true;
        foreach (var range in ranges)
        {
            var (first, last) = range.Over(depth);
            // A replacement stands for the whole argument, so it is offered where the argument is one range.
            var clamped = ranges.Count == 1 && range.Stride == 1 ? ReplacementRange.Clamped(first, last, depth) : null;
            var isOutside = first < 0 || last < 0 || first > depth || last > depth;
            if (isOutside)
                yield return Finding.Of(LowRankRules.LayersOutsideDepth, target, range.Text, first, last, depth, declaration.Type.Name) with
                {
                    Suggestion = clamped,
                };
            else if (first >= last)
                yield return Finding.Of(LowRankRules.LayersEmpty, target, range.Text, first, last) with
                {
                    Suggestion = clamped,
                };
            // Every second block of two is one of them, as in the smallest of a model's sizes.
            else if (range.Stride >= depth && depth > 2)
                yield return Finding.Of(
                    LowRankRules.StrideBeyondDepth,
                    target,
                    range.Text,
                    first,
                    range.Stride,
                    depth,
                    declaration.Type.Name
                ) with
                {
                    Suggestion = ranges.Count == 1 ? ReplacementRange.Clamped(first, first + 1, depth) : null,
                };
            isSound &= !isOutside && first < last;
        }

        if (isSound && BlockSet.Of(layers, depth).FirstNamedTwice() is var (block, one, other))
            yield return Finding.Of(LowRankRules.LayersNamedTwice, target, layers!, block, ranges[one].Text, ranges[other].Text);
    }

    // A range may be right but for its stride.
    private static string Wrong(string? layers) =>
        layers?.Split(',').FirstOrDefault(range => LayerRange.Parse(range) is null)?.Trim() is { } range
        && range.Contains(":")
        && LayerRange.Parse(range.Split(':')[0]) is not null
            ? $"and the stride of \"{range}\" is no whole number of at least 1"
            : "which is not a list of C# ranges over the depth";

    // All strides of a model together, since the pattern of its blocks repeats only when each of them does.
    private static IEnumerable<Finding> StridesOf(TransformerDeclaration declaration)
    {
        var strided = Written(declaration)
            .Select(written => (written.Target, Ranges: LayerRanges.Parse(written.Layers)))
            .Where(written => written.Ranges is not null && written.Ranges.Any(range => range.Stride > 1))
            .ToList();
        var strides = strided
            .SelectMany(written => written.Ranges!)
            .Select(range => range.Stride)
            .Where(stride => stride > 1)
            .Distinct()
            .ToList();
        if (strided.Count > 0 && BlockPattern.Period(strides) > BlockPattern.LongestPeriod)
        {
            yield return Finding.Of(
                LowRankRules.LayersRepeatTooLate,
                strided[strided.Count - 1].Target,
                declaration.Type.Name,
                string.Join(", ", strides),
                BlockPattern.LongestPeriod
            );
        }
    }
}
