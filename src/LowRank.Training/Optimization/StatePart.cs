namespace LowRank.Training.Optimization;

/// <summary>A range of the elements of what an optimizer keeps about a parameter.</summary>
/// <param name="Start">First element.</param>
/// <param name="Count">Number of elements.</param>
/// <param name="Rank">The rank that has it.</param>
/// <param name="IsOwn">Whether that is this process.</param>
internal readonly record struct StatePart(long Start, long Count, int Rank, bool IsOwn);
