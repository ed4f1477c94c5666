using LowRank.Training.CommandLine.Commands;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>What the page of a watch shows.</summary>
/// <param name="Models">The newest descriptions.</param>
internal sealed record WatchState(ModelDescriptions Models)
{
    /// <summary>The last descriptions that were others, which changes are marked against; null before anything has changed.</summary>
    public ModelDescriptions? Before { get; private init; }

    /// <summary>Why the newest sources have no descriptions; empty where those shown are theirs.</summary>
    public IReadOnlyList<BuildError> Errors { get; private init; } = [];

    /// <summary>Whether a build is going on.</summary>
    public bool IsBuilding { get; private init; }

    /// <summary>The last save; null before the first one.</summary>
    public Save? Saved { get; private init; }

    /// <summary>The save that has made the descriptions what they are; null while they are those of the started program.</summary>
    public Save? Described { get; private init; }

    /// <summary>Sources are built; after a save, unless it is the beginning.</summary>
    public WatchState Building(Save? save) => this with { IsBuilding = true, Saved = save ?? Saved };

    /// <summary>A build has ended.</summary>
    public WatchState Built(BuildResult result) =>
        result.Models is not { } models ? this with { IsBuilding = false, Errors = result.Errors }
        : models.Says(Models) ? this with { IsBuilding = false, Errors = [] }
        : this with { IsBuilding = false, Errors = [], Models = models, Before = Models, Described = Saved };
}

/// <summary>A moment in which sources were saved.</summary>
/// <param name="At">When, in local time.</param>
/// <param name="Files">The names of the files.</param>
internal sealed record Save(DateTime At, IReadOnlyList<string> Files);
