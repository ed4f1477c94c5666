namespace LowRank.Training.Runs;

/// <summary>The names of the variants: one for machines, one for people.</summary>
internal static class VariantNames
{
    /// <summary>
    /// <c>dense</c>, <c>flop-matched</c>, <c>lowrank</c>, <c>guided</c> or <c>lora</c>: options, folders and JSON documents.
    /// </summary>
    /// <param name="variant">The variant.</param>
    public static string Key(this Variant variant) =>
        variant switch
        {
            Variant.Dense => "dense",
            Variant.FlopMatched => "flop-matched",
            Variant.LowRank => "lowrank",
            Variant.Lora => "lora",
            _ => "guided",
        };

    /// <summary>
    /// <c>dense</c>, <c>FLOP-matched dense</c>, <c>low rank</c>, <c>guided low rank</c> or <c>adapters</c>: tables and charts.
    /// </summary>
    /// <param name="variant">The variant.</param>
    public static string Title(this Variant variant) =>
        variant switch
        {
            Variant.Dense => "dense",
            Variant.FlopMatched => "FLOP-matched dense",
            Variant.LowRank => "low rank",
            Variant.Lora => "adapters",
            _ => "guided low rank",
        };
}
