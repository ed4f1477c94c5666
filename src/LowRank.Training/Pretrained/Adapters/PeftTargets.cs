using LowRank.Training.Json;

namespace LowRank.Training.Pretrained.Adapters;

/// <summary>Which modules a configuration adapts, by the rules of the library that wrote it.</summary>
internal sealed class PeftTargets
{
    private const string AllLinear = "all-linear";
    private const long LargestLayer = 1_000_000;

    private readonly Func<string, bool>? isTarget;
    private readonly Func<string, bool> isExcluded;
    private readonly IReadOnlyList<long>? layers;
    private readonly IReadOnlyList<PeftPattern> patterns;

    private PeftTargets(
        Func<string, bool>? isTarget,
        Func<string, bool> isExcluded,
        IReadOnlyList<long>? layers,
        IReadOnlyList<PeftPattern> patterns
    )
    {
        (this.isTarget, this.isExcluded) = (isTarget, isExcluded);
        (this.layers, this.patterns) = (layers, patterns);
    }

    /// <summary>Whether the configuration names its modules; else they are those that the file has adapters of.</summary>
    public bool IsGiven => isTarget is not null;

    /// <summary>Reads them.</summary>
    /// <param name="root">The configuration.</param>
    /// <exception cref="WrongJsonException">They are no names, no expressions, or contradict each other.</exception>
    public static PeftTargets Read(JsonPlace root)
    {
        var (targets, excluded) = (root.At("target_modules"), root.At("exclude_modules"));
        var (layers, pattern) = (root.At("layers_to_transform"), root.At("layers_pattern"));
        if (targets.IsText && !layers.IsEmpty)
            throw layers.Wrong("can't stand beside target_modules that is a regular expression");
        IReadOnlyList<long>? indices =
            layers.IsEmpty ? null
            : layers.IsArray ? [.. layers.Elements().Select(layer => layer.Whole(0, LargestLayer))]
            : [layers.Whole(0, LargestLayer)];
        var isAll = targets.IsText && string.Equals(targets.Text(), AllLinear, StringComparison.OrdinalIgnoreCase);
        return new PeftTargets(
            targets.IsEmpty ? null
                : isAll ? _ => true
                : Named(targets),
            excluded.IsEmpty ? _ => false : Named(excluded),
            indices is { Count: 0 } ? null : indices,
            LayerPatterns(pattern)
        );
    }

    /// <summary>Whether a module is adapted.</summary>
    /// <param name="module">Its name in the base model.</param>
    public bool Include(string module) => (isTarget is null || isTarget(module)) && !isExcluded(module) && IsInLayers(module);

    private bool IsInLayers(string module)
    {
        if (layers is null)
            return true;
        return patterns.Select(pattern => pattern.LayerOf(module)).FirstOrDefault(layer => layer is not null) is { } layer
            && layers.Contains(layer);
    }

    // A list has whole names, or what they end in behind a dot; a text is an expression for the whole name.
    private static Func<string, bool> Named(JsonPlace place)
    {
        if (place.IsText)
            return PeftPattern.Whole(place, place.Text()).IsMatch;
        if (!place.IsArray)
            throw place.MustBe("a list of names or a regular expression");
        var names = place.Elements().Select(name => name.Text("the name of a module")).ToHashSet(StringComparer.Ordinal);
        return module =>
            names.Contains(module)
            || module.Select((letter, place) => (letter, place)).Any(at => at.letter == '.' && names.Contains(module[(at.place + 1)..]));
    }

    private static List<PeftPattern> LayerPatterns(JsonPlace place)
    {
        var texts =
            place.IsEmpty ? []
            : place.IsText ? [place]
            : place.Elements();
        List<PeftPattern> named = [.. texts.Where(text => text.Text().Length > 0).Select(text => PeftPattern.Layers(text, text.Text()))];
        return named.Count > 0 ? named : [PeftPattern.Layers(place, @"[^.]*")];
    }
}
