namespace LowRank.Training.Pipelines;

/// <summary>What one step has done with the documents of one unit, or of all.</summary>
internal sealed record StepRecord
{
    /// <summary>The step's name.</summary>
    public required string Step { get; init; }

    /// <summary>Documents that came to it.</summary>
    public long Documents { get; init; }

    /// <summary>Documents that it has dropped.</summary>
    public long Dropped { get; init; }

    /// <summary>Bytes of their text in UTF-8.</summary>
    public long DroppedBytes { get; init; }

    /// <summary>How many it has dropped for which reason.</summary>
    public IReadOnlyDictionary<string, long> Reasons { get; init; } = Counts.None;

    /// <summary>What it has taken out of documents or replaced in them, by reason.</summary>
    public IReadOnlyDictionary<string, long> Removals { get; init; } = Counts.None;

    /// <summary>The first documents dropped for each reason.</summary>
    public IReadOnlyList<DroppedExample> Examples { get; init; } = [];
}
