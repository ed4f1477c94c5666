namespace LowRank.Generator.Model;

/// <summary>The names that the generated part of a class takes for itself, and what it needs them for.</summary>
internal static class ReservedNames
{
    /// <summary>How a constructor with the generated one's parameters is named here.</summary>
    public const string Constructor = "constructor(ModelOptions)";

    private static readonly Dictionary<string, string> Members = new(StringComparer.Ordinal)
    {
        [Constructor] = "building the model",
        ["var"] = "its local variables",
        ["Cost"] = "the accounting",
        ["Block"] = "the class of a block",
        ["Hidden"] = "the forward pass through the blocks",
        ["PrepareStep"] = "the phase-out of the guides",
        ["ProjectGradients"] = "the projection of gradients",
        ["embedding"] = "the token embedding",
        ["positions"] = "the position embedding",
        ["rotary"] = "the rotary tables",
        ["blocks"] = "the blocks",
        ["finalNorm"] = "the norm before the head",
        ["head"] = "the head",
        ["modelFactored"] = "the factored layers of the class's [LowRank]",
        ["assemblyFactored"] = "the factored layers of the assembly's [LowRank]",
    };

    // What the base class has: a user's method may overload it, a sublayer must not hide it.
    private static readonly string[] Inherited =
    [
        "Accounting",
        "AddSublayer",
        "Backward",
        "ComposeLayers",
        "Dispose",
        "HeadWeight",
        "Options",
        "AddRotation",
        "PlanDecoding",
        "Record",
        "Sublayers",
        "Vocabulary",
        "Context",
        "HasGuide",
        "FactoredLinears",
        "LiveForwardFlopsPerToken",
        "LiveProjectionFlops",
        "Logits",
        "Decode",
        "forward",
        "FirstTrainableBlock",
        "LoraAdapters",
        "FreezeAllButAdapters",
        "FactoredLater",
        "LiveTrainingFlopsPerToken",
        "LiveUpkeepFlops",
        "BeginStep",
    ];

    /// <summary>What every class has from object, and the accounting's nested classes with it.</summary>
    public static readonly string[] OfObject =
    [
        "Equals",
        "Finalize",
        "GetHashCode",
        "GetType",
        "MemberwiseClone",
        "ReferenceEquals",
        "ToString",
    ];

    // What stands beside a sublayer's costs in the accounting.
    private static readonly string[] Accounting =
    [
        "Parameters",
        "ParametersAtStart",
        "GuideParameters",
        "ForwardFlopsPerToken",
        "GuidedForwardFlopsPerToken",
        "ForwardFlopsPerTokenCausal",
        "GuidedForwardFlopsPerTokenCausal",
        "ScoreFlopsPerToken",
        "ProjectionFlopsPerStep",
        "Steps",
        "TokensPerStep",
        "TrainingFlops",
        "TrainingFlopsWithoutGuide",
        "TrainingFlopsCausal",
        "TrainingFlopsWithoutGuideCausal",
        "Summary",
        "Embedding",
        "FinalNorm",
        "Head",
        "TwoBranches",
        "Memory",
        "Lora",
    ];

    // Parameters and locals of generated methods, in which a sublayer appears under its name in camel case.
    private static readonly string[] Locals =
    [
        "index",
        "options",
        "block",
        "x",
        "cache",
        "stream",
        "tape",
        "gradient",
        "upstream",
        "before",
    ];

    /// <summary>What a member of the user's own would collide with, or null.</summary>
    public static string? ForMember(string name, IEnumerable<string> sublayers, bool hasDenseBaseline)
    {
        if (Members.TryGetValue(name, out var need))
            return need;
        if (hasDenseBaseline && name == "Dense")
            return "the dense baseline";
        if (hasDenseBaseline && name == "FlopMatched")
            return "the FLOP-matched dense model";
        if (name.StartsWith("rotary", StringComparison.Ordinal) && name.Skip("rotary".Length).All(char.IsDigit))
            return "the rotary tables";
        // A second [LowRank] beside the first lists its layers in a field with a number behind its name.
        var unnumbered = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        if (unnumbered is "modelFactored" or "assemblyFactored")
            return Members[unnumbered];
        foreach (var sublayer in sublayers)
        {
            if (name == Identifiers.LayerClass(sublayer))
                return $"the layer class of '{sublayer}'";
            if (name == Identifiers.SublayerField(sublayer) || unnumbered == Identifiers.FactoredField(sublayer))
                return $"a field of '{sublayer}'";
        }

        return null;
    }

    /// <summary>What a sublayer of this name would collide with, or null.</summary>
    public static string? ForSublayer(string name, IEnumerable<string> others, bool hasDenseBaseline)
    {
        var known = others.ToList();
        if (ForMember(name, known, hasDenseBaseline) is { } need)
            return need;
        if (Inherited.Contains(name) || OfObject.Contains(name))
            return "what its base class already has";
        if (Accounting.Contains(name))
            return "the accounting";
        if (Locals.Contains(Identifiers.Camel(name)))
            return "a local variable";
        return known.FirstOrDefault(other => Identifiers.Snake(other) == Identifiers.Snake(name)) is { } same
            ? $"the parameters of '{same}', which would have the same dotted names"
            : null;
    }
}
