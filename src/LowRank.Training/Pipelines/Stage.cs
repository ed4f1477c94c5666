namespace LowRank.Training.Pipelines;

/// <summary>
/// Tasks that don't know each other, and need all of the stage before. A task can be done again: it writes the same, each file whole or
/// not at all.
/// </summary>
/// <param name="Name">As in the folder of its markers and in messages.</param>
/// <param name="Count">How many tasks there are; asked once the stage before is done.</param>
/// <param name="Run">Does one; what it returns becomes its marker.</param>
internal sealed record Stage(string Name, Func<int> Count, Func<int, CancellationToken, ReadOnlyMemory<byte>> Run)
{
    private readonly Lazy<int> tasks = new(Count);

    /// <summary>How many tasks there are.</summary>
    public int Tasks => tasks.Value;

    /// <summary>The marker of a task of which nothing needs to be told.</summary>
    public static readonly ReadOnlyMemory<byte> Nothing = "{}"u8.ToArray();
}
