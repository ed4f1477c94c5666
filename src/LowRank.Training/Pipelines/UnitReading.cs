using LowRank.Training.Documents;

namespace LowRank.Training.Pipelines;

/// <summary>What was met while a unit was read that is no document.</summary>
internal sealed class UnitReading
{
    /// <summary>Broken records; null for none.</summary>
    public BrokenRecords? Broken { get; set; }

    /// <summary>Records without text, such as pages of pictures, by reason.</summary>
    public IReadOnlyDictionary<string, long> WithoutText { get; set; } = Counts.None;

    /// <summary>Why the file couldn't be read at all; null where it could.</summary>
    public string? Unreadable { get; set; }
}
