using LowRank.Training.SafeTensors;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>A tensor in a file of a checkpoint.</summary>
internal sealed record StoredTensor(string File, SafeTensorEntry Entry);
