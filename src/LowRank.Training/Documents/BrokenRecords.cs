namespace LowRank.Training.Documents;

/// <summary>The records of a text that hold no document and were passed over.</summary>
/// <param name="Count">How many.</param>
/// <param name="First">Where the first is and what is wrong with it.</param>
internal sealed record BrokenRecords(long Count, string First);
