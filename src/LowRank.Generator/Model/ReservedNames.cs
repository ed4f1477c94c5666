namespace LowRank.Generator.Model;

/// <summary>The names that the generated part of a class takes for itself, and what it needs them for.</summary>
internal static class ReservedNames
{
    /// <summary>How a constructor with the generated one's parameters is named here.</summary>
    public const string Constructor = "constructor(ModelOptions)";

    /// <summary>What an inherited name is needed for.</summary>
    public const string BaseClass = "what its base class already has";

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

    // What stands beside a sublayer's costs in the accounting.
    private static readonly string[] Accounting =
    [
        "Parameters",
        "ParametersAtStart",
        "GuideParameters",
        "ActiveParameters",
        "ActiveParametersAtStart",
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
            if (name == Identifiers.RotaryField(sublayer))
                return "the rotary tables";
            if (name == Identifiers.SublayerField(sublayer) || unnumbered == Identifiers.FactoredField(sublayer))
                return $"a field of '{sublayer}'";
        }

        return null;
    }

    /// <summary>What a sublayer of this name would collide with, or null.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isInherited">Whether a base class has a member of the name.</param>
    /// <param name="others">The names of other sublayers.</param>
    /// <param name="hasDenseBaseline">Whether the dense baseline is generated, too.</param>
    public static string? ForSublayer(string name, bool isInherited, IEnumerable<string> others, bool hasDenseBaseline)
    {
        var known = others.ToList();
        if (ForMember(name, known, hasDenseBaseline) is { } need)
            return need;
        if (isInherited)
            return BaseClass;
        if (Accounting.Contains(name))
            return "the accounting";
        if (known.FirstOrDefault(other => Identifiers.Local(other) == Identifiers.Local(name) && !HaveOneEntry(other, name)) is { } hidden)
            return $"the local variable of '{hidden}'";
        return known.FirstOrDefault(other => HaveOneEntry(other, name)) is { } same
            ? $"the parameters of '{same}', which would have the same dotted names"
            : null;
    }

    private static bool HaveOneEntry(string one, string other) => Identifiers.Snake(one) == Identifiers.Snake(other);
}
