namespace LowRank.Training.Runs;

/// <summary>Which optimizers an option of <see cref="TrainingOptions"/> belongs to, where it isn't all of them.</summary>
internal static class OptimizerOptions
{
    // By the property's name in any case, so that a key of an experiment finds it too.
    private static readonly Dictionary<string, OptimizerKind[]> Owners = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(TrainingOptions.Momentum)] = [OptimizerKind.Muon, OptimizerKind.Spectron],
        [nameof(TrainingOptions.SpectronLearningRate)] = [OptimizerKind.Spectron],
        [nameof(TrainingOptions.GaLoreRank)] = [OptimizerKind.GaLore],
        [nameof(TrainingOptions.GaLoreGap)] = [OptimizerKind.GaLore],
        [nameof(TrainingOptions.GaLoreScale)] = [OptimizerKind.GaLore],
    };

    /// <summary>Whether an option is that of some optimizers alone.</summary>
    /// <param name="property">The option's property.</param>
    public static bool HasOwners(string property) => Owners.ContainsKey(property);

    /// <summary>Refuses an option that somebody gave to an optimizer that doesn't read it.</summary>
    /// <param name="property">The option's property.</param>
    /// <param name="givenAs">How it was given: an option of the command line, or a file and its key.</param>
    /// <param name="kind">The optimizer.</param>
    /// <exception cref="InputException">It belongs to another one.</exception>
    public static void Refuse(string property, string givenAs, OptimizerKind kind)
    {
        if (Owners.TryGetValue(property, out var kinds) && !kinds.Contains(kind))
        {
            throw new InputException(
                $"{givenAs} is an option of {string.Join(" and ", kinds.Select(OptimizerKinds.Key))}, and the run trains by {kind.Key()}; leave it out, or choose another optimizer."
            );
        }
    }
}
