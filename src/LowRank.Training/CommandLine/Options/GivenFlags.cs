using System.CommandLine;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;

namespace LowRank.Training.CommandLine.Options;

/// <summary>What a command line says about a run.</summary>
/// <param name="arguments">The command line.</param>
/// <param name="declared">The options that it may name.</param>
internal sealed class GivenFlags(ParseResult arguments, IReadOnlyList<BoundOption<TrainingOptions>> declared) : IGivenOptions
{
    /// <inheritdoc/>
    public OptimizerKind? Optimizer { get; } = Named(arguments, declared);

    /// <inheritdoc/>
    public bool Has(string property) => declared.Any(bound => bound.Declared.Property == property && arguments.Has(bound.Option));

    /// <inheritdoc/>
    public TrainingOptions ApplyTo(TrainingOptions options) =>
        declared
            .Where(bound => bound.Declared.Property != nameof(TrainingOptions.Optimizer))
            .Aggregate(options, (current, bound) => bound.Apply(arguments, current));

    private static OptimizerKind? Named(ParseResult arguments, IReadOnlyList<BoundOption<TrainingOptions>> declared) =>
        declared.Single(bound => bound.Declared.Property == nameof(TrainingOptions.Optimizer)).Option is Option<string?> option
        && arguments.GetValue(option) is { } name
            ? OptimizerKinds.Parse(name)
            : null;
}
