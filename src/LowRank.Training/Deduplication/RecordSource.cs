namespace LowRank.Training.Deduplication;

/// <summary>A section of a file of records.</summary>
/// <param name="Path">The file.</param>
/// <param name="Section">From 0.</param>
internal readonly record struct RecordSource(string Path, int Section);
