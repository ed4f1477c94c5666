using LowRank.Training.CommandLine.Commands;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>What a build came to.</summary>
/// <param name="Models">The descriptions; null where there are none.</param>
/// <param name="Errors">Why there are none.</param>
internal sealed record BuildResult(ModelDescriptions? Models, IReadOnlyList<BuildError> Errors)
{
    /// <summary>There are new descriptions.</summary>
    public static BuildResult Of(ModelDescriptions models) => new(models, []);

    /// <summary>There are none.</summary>
    public static BuildResult Failed(IReadOnlyList<BuildError> errors) => new(null, errors);
}
