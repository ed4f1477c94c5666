namespace LowRank.Training.Deduplication;

/// <summary>How equal documents are found.</summary>
internal sealed record ExactOptions
{
    private const int MostRanges = 4096;

    /// <summary>Number of tasks that compare; the result doesn't depend on it.</summary>
    public int Ranges { get; init; } = 16;

    /// <summary>Refuses numbers that mean nothing.</summary>
    /// <exception cref="InputException">One of them; the message names it as the key of a JSON object.</exception>
    public void Check()
    {
        if (Ranges is < 1 or > MostRanges)
            throw InputException.Naming($"ranges is {Ranges}; choose a number from 1 to {MostRanges}.");
    }
}
