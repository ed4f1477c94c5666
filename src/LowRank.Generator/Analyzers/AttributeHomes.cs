namespace LowRank.Generator.Analyzers;

/// <summary>The kinds of declared class within which each attribute of the language means something.</summary>
internal static class AttributeHomes
{
    /// <summary>The attributes of those classes, the likeliest first; none for an attribute that declares a class itself.</summary>
    public static string[] Of(string attribute) =>
        attribute switch
        {
            "Transformer" or "Module" => [],
            "Linear" or "Embedding" or "Normalization" or "Part" => ["Module"],
            "LowRank" or "Dense" => ["Transformer", "Module"],
            _ => ["Transformer"],
        };
}
