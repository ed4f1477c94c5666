using LowRank.Training.Checkpoints;

namespace LowRank.Training.Pretrained;

/// <summary>A tensor in a file of a checkpoint.</summary>
internal sealed record StoredTensor(string File, SafeTensorEntry Entry);
