namespace LowRank.Training.Weights;

/// <summary>The weight of a linear layer or norm, and its bias where it has one.</summary>
internal sealed record LinearWeights(ModelWeight Weight, ModelWeight? Bias);
