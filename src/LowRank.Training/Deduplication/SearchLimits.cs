namespace LowRank.Training.Deduplication;

/// <summary>What one task of a search takes of the machine. Results don't depend on it.</summary>
internal sealed record SearchLimits
{
    /// <summary>64-bit words of signatures that wait in memory: 50 MB, some 50,000 documents with 112 hashes.</summary>
    public int WordsInMemory { get; init; } = 6_400_000;

    /// <summary>Files that are read at the same time. More units are merged in several passes.</summary>
    public int OpenFiles { get; init; } = 256;
}
