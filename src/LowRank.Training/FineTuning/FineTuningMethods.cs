namespace LowRank.Training.FineTuning;

/// <summary>What the methods are called on the command line.</summary>
internal static class FineTuningMethods
{
    /// <summary>All names, for messages.</summary>
    public const string All = "full, lora, lowrank, galore";

    /// <summary>The method of a name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static FineTuningMethod Parse(string name) => name.ToLowerInvariant() switch
    {
        "full" => FineTuningMethod.Full,
        "lora" => FineTuningMethod.Lora,
        "lowrank" => FineTuningMethod.LowRank,
        "galore" => FineTuningMethod.GaLore,
        _ => throw new InputException($"There is no method '{name}'; use one of {All}."),
    };

    /// <summary>Its name.</summary>
    public static string Key(this FineTuningMethod method) => method switch
    {
        FineTuningMethod.Lora => "lora",
        FineTuningMethod.LowRank => "lowrank",
        FineTuningMethod.GaLore => "galore",
        _ => "full",
    };
}
