namespace LowRank.Generator.Parsing;

/// <summary>The kinds of declared class within which each attribute of the language means something.</summary>
internal static class AttributeHomes
{
    /// <summary>The attributes of those classes, the likeliest first; none for an attribute that declares a class itself.</summary>
    public static string[] Of(string attribute) =>
        attribute switch
        {
            "Transformer" or "Module" => [],
            "Linear" or "Embedding" or "Normalization" or "LanguageModel" => ["Module"],
            "Part" => ["Module", "Transformer"],
            "LowRank" or "LoRA" or "Dense" or "Budget" => ["Transformer", "Module"],
            _ => ["Transformer"],
        };

    /// <summary>Whether the attribute may stand on a property; elsewhere C# refuses it.</summary>
    public static bool IsOfProperties(string attribute) => !IsOfClassesAlone(attribute);

    /// <summary>Whether the attribute may stand on a class; elsewhere C# refuses it.</summary>
    public static bool IsOfClasses(string attribute) =>
        IsOfClassesAlone(attribute) || IsRepeatable(attribute) || attribute == "RotaryScaling";

    /// <summary>Whether several may stand beside each other; otherwise C# refuses the second.</summary>
    public static bool IsRepeatable(string attribute) => attribute is "LowRank" or "LoRA";

    private static bool IsOfClassesAlone(string attribute) =>
        attribute is "Transformer" or "Module" or "LanguageModel" or "TrainingRun" or "Budget" or "DenseBaseline";
}
