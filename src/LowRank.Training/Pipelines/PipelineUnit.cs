namespace LowRank.Training.Pipelines;

/// <summary>One input file: the smallest part of the work that a process takes over.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Length">Its bytes, as they lie on the disk.</param>
/// <param name="IsNamed">Whether it was named itself, and must be readable, or found in a folder.</param>
internal sealed record PipelineUnit(string Path, long Length, bool IsNamed);
