namespace LowRank.Training.Runs.Options;

/// <summary>What somebody has said about a run, on a command line or in a file. The rest is <see cref="RunDefaults"/>.</summary>
internal interface IGivenOptions
{
    /// <summary>The optimizer that is asked for; null for none.</summary>
    OptimizerKind? Optimizer { get; }

    /// <summary>Whether an option was given.</summary>
    /// <param name="property">Its property.</param>
    bool Has(string property);

    /// <summary>The options with all that was given but the optimizer.</summary>
    TrainingOptions ApplyTo(TrainingOptions options);
}
