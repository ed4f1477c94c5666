namespace LowRank.Training.Runs;

/// <summary>What the methods are called on the command line.</summary>
internal static class FineTuningMethods
{
    /// <summary>All names, for messages.</summary>
    public const string All = "full, lora, lowrank, galore";

    /// <summary>The method of a name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static FineTuningMethod Parse(string name) =>
        name.ToLowerInvariant() switch
        {
            "full" => FineTuningMethod.Full,
            "lora" => FineTuningMethod.Lora,
            "lowrank" => FineTuningMethod.LowRank,
            "galore" => FineTuningMethod.GaLore,
            _ => throw new InputException($"There is no method '{name}'; use one of {All}."),
        };

    /// <summary>
    /// How a run trains, whichever command began it: what is built is another matter, since adapters and factors can be given later.
    /// </summary>
    /// <param name="fineTuning">How the run changes the model that it begins with; null for not at all.</param>
    /// <param name="adapted">Whether adapters were given to it by now.</param>
    /// <param name="built">What the declaration is built as.</param>
    public static Variant Trained(FineTuningOptions? fineTuning, bool adapted, Variant built) =>
        fineTuning?.Method switch
        {
            FineTuningMethod.LowRank => fineTuning.Guide == Guide.None ? Variant.LowRank : Variant.Guided,
            _ => adapted ? Variant.Lora : built,
        };

    /// <summary>Its name.</summary>
    public static string Key(this FineTuningMethod method) =>
        method switch
        {
            FineTuningMethod.Lora => "lora",
            FineTuningMethod.LowRank => "lowrank",
            FineTuningMethod.GaLore => "galore",
            _ => "full",
        };
}
