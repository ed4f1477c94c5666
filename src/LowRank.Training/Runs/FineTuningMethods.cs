namespace LowRank.Training.Runs;

/// <summary>What the methods are called on the command line.</summary>
internal static class FineTuningMethods
{
    /// <summary>All names, for messages.</summary>
    public const string All = "full, lora, lowrank, galore";

    // By the property's name in any case, so that a key of an experiment finds it too.
    private static readonly Dictionary<string, FineTuningMethod[]> Owners = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(FineTuningOptions.Rank)] = [FineTuningMethod.Lora, FineTuningMethod.LowRank],
        [nameof(FineTuningOptions.Projections)] = [FineTuningMethod.Lora, FineTuningMethod.LowRank],
        [nameof(FineTuningOptions.Alpha)] = [FineTuningMethod.Lora],
        [nameof(FineTuningOptions.Dropout)] = [FineTuningMethod.Lora],
        [nameof(FineTuningOptions.Ratio)] = [FineTuningMethod.LowRank],
        [nameof(FineTuningOptions.Energy)] = [FineTuningMethod.LowRank],
        [nameof(FineTuningOptions.Guide)] = [FineTuningMethod.LowRank],
        [nameof(FineTuningOptions.PhaseOut)] = [FineTuningMethod.LowRank],
    };

    /// <summary>Refuses an option that somebody gave to a method that doesn't read it.</summary>
    /// <param name="property">The option's property.</param>
    /// <param name="givenAs">How it was given: an option of the command line, or a file and its key.</param>
    /// <param name="method">The method.</param>
    /// <exception cref="InputException">It belongs to another one.</exception>
    public static void Refuse(string property, string givenAs, FineTuningMethod method)
    {
        if (Owners.TryGetValue(property, out var methods) && !methods.Contains(method))
        {
            throw new InputException(
                $"{givenAs} means nothing for the method {method.Key()}, it is an option of {string.Join(" and ", methods.Select(Key))}; leave it out, or choose another method of {All}."
            );
        }
    }

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
