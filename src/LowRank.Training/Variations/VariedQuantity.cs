namespace LowRank.Training.Variations;

/// <summary>What of a declaration can be varied, in the order in which changes are written and made.</summary>
internal enum VariedQuantity
{
    /// <summary>The width of the residual stream.</summary>
    Width,

    /// <summary>Number of blocks.</summary>
    Depth,

    /// <summary>Size of a feed-forward's hidden layer.</summary>
    Hidden,

    /// <summary>Query heads; without a head size of their own they share the width.</summary>
    Heads,

    /// <summary>Key and value heads.</summary>
    KeyValueHeads,

    /// <summary>Size of the latent vector of keys and values, where attention is latent.</summary>
    KeyValueRank,

    /// <summary>Rank of the factors.</summary>
    Rank,

    /// <summary>Share of a linear's weights that its factors may hold.</summary>
    Ratio,

    /// <summary>Fraction of training after which the guide is gone.</summary>
    PhaseOut,
}

/// <summary>How they are written.</summary>
internal static class VariedQuantities
{
    /// <summary>The names: those of the attributes' arguments, in camel case.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. Enum.GetValues<VariedQuantity>().Select(Key)];

    public static string Key(this VariedQuantity quantity) =>
        quantity.ToString() is var name ? char.ToLowerInvariant(name[0]) + name[1..] : "";

    /// <summary>Whether its values are whole numbers.</summary>
    public static bool IsWhole(this VariedQuantity quantity) => quantity is not (VariedQuantity.Ratio or VariedQuantity.PhaseOut);

    /// <summary>Whether it is the model's own and not a sublayer's.</summary>
    public static bool IsOfModel(this VariedQuantity quantity) => quantity is VariedQuantity.Width or VariedQuantity.Depth;

    /// <summary>Whether it is about low rank, which a dense baseline has none of.</summary>
    public static bool IsOfLowRank(this VariedQuantity quantity) =>
        quantity is VariedQuantity.Rank or VariedQuantity.Ratio or VariedQuantity.PhaseOut;
}
