namespace LowRank.Training.Checkpoints;

/// <summary>A checkpoint that isn't what was written.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Reason">What is wrong with it, without a full stop.</param>
internal sealed record DamagedCheckpoint(string Folder, string Reason);
