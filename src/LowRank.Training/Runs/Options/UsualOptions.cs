namespace LowRank.Training.Runs.Options;

/// <summary>What a method of fine-tuning starts with where nothing is said.</summary>
/// <param name="Context">Tokens in one sequence.</param>
/// <param name="LearningRate">Peak learning rate; null for the optimizer's own.</param>
/// <param name="Optimizer">The only optimizer that the method has; null for any.</param>
internal sealed record UsualOptions(int Context, double? LearningRate, OptimizerKind? Optimizer);
