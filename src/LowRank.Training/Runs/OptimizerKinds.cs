namespace LowRank.Training.Runs;

/// <summary>Names of the optimizers.</summary>
internal static class OptimizerKinds
{
    /// <summary>All names, for messages.</summary>
    internal static string All { get; } = string.Join(", ", Enum.GetValues<OptimizerKind>().Select(Key));

    /// <summary>The name on the command line: <c>adamw</c>, <c>muon</c>, <c>spectron</c> or <c>galore</c>.</summary>
    /// <param name="kind">The optimizer.</param>
    internal static string Key(this OptimizerKind kind) =>
        kind switch
        {
            OptimizerKind.AdamW => "adamw",
            OptimizerKind.Muon => "muon",
            OptimizerKind.Spectron => "spectron",
            OptimizerKind.GaLore => "galore",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such optimizer."),
        };

    /// <summary>Reads the name of an optimizer.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <exception cref="InputException">The name is unknown.</exception>
    internal static OptimizerKind Parse(string name) =>
        Find(name) ?? throw new InputException($"There is no optimizer '{name}'; use {All}.");

    /// <summary>The optimizer of this name, in any case; null where there is none.</summary>
    internal static OptimizerKind? Find(string name)
    {
        foreach (var kind in Enum.GetValues<OptimizerKind>())
        {
            if (string.Equals(kind.Key(), name, StringComparison.OrdinalIgnoreCase))
                return kind;
        }

        return null;
    }
}
