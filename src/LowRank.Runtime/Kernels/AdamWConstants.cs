namespace LowRank.Kernels;

/// <summary>The constants of an update of AdamW.</summary>
/// <param name="LearningRate">The step's learning rate.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">What is added to the root of the second moment.</param>
/// <param name="WeightDecay">λ of the decoupled decay.</param>
internal readonly record struct AdamWConstants(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay);
