namespace LowRank.Training.Checkpoints;

/// <summary>The search for a run's newest whole checkpoint, and what it had to pass over.</summary>
internal sealed class CheckpointSearch
{
    private readonly string run;

    private CheckpointSearch(string run, Checkpoint? newest, IReadOnlyList<DamagedCheckpoint> damaged)
    {
        this.run = run;
        (Newest, PassedOver) = (newest, damaged);
    }

    /// <summary>The newest whole checkpoint; null where the run has none, whole or damaged.</summary>
    public Checkpoint? Newest { get; }

    /// <summary>The damaged ones that are newer, newest first.</summary>
    public IReadOnlyList<DamagedCheckpoint> PassedOver { get; }

    /// <summary>Searches.</summary>
    /// <param name="run">The run's folder.</param>
    /// <exception cref="InputException">There are checkpoints, and all of them are damaged.</exception>
    public static CheckpointSearch In(string run)
    {
        // A run that goes on while it is read discards old checkpoints: what is gone was no damage, and newer ones are there.
        while (true)
        {
            var (newest, damaged) = Look(run);
            if (newest is null && damaged.Count > 0 && damaged.All(checkpoint => !Directory.Exists(checkpoint.Folder)))
                continue;
            var search = new CheckpointSearch(run, newest, [.. damaged.Where(checkpoint => Directory.Exists(checkpoint.Folder))]);
            search.RefuseIfNoneIsWhole();
            return search;
        }
    }

    /// <summary>Says of every damaged checkpoint that it was passed over, why, and for which.</summary>
    public void Report(Action<string> say)
    {
        if (Newest is null)
            return;
        foreach (var damaged in PassedOver)
            say($"The checkpoint {damaged.Folder} is damaged: {damaged.Reason}. {Path.GetFileName(Newest.Folder)} is used instead.");
    }

    private static (Checkpoint? Newest, List<DamagedCheckpoint> Damaged) Look(string run)
    {
        var damaged = new List<DamagedCheckpoint>();
        foreach (var folder in new CheckpointFolder(run).Newest())
        {
            if (Checkpoint.TryOpen(folder, out var reason) is { } whole)
                return (whole, damaged);
            damaged.Add(new DamagedCheckpoint(folder, reason));
        }

        return (null, damaged);
    }

    private void RefuseIfNoneIsWhole()
    {
        if (Newest is not null || PassedOver.Count == 0)
            return;
        var list = string.Join("; ", PassedOver.Select(damaged => $"{Path.GetFileName(damaged.Folder)}: {damaged.Reason}"));
        throw new InputException(
            $"{(PassedOver.Count == 1 ? "The only checkpoint" : "Every checkpoint")} in '{run}' is damaged ({list}). Nothing was deleted; "
                + "put a good copy in its place, or train again in another folder."
        );
    }
}
