using LowRank.Costs;

namespace LowRank.Training.Experiments;

/// <summary>What a variant's declaration comes to in one run.</summary>
/// <param name="Parameters">Parameters at the end.</param>
/// <param name="ParametersAtStart">Parameters at the first step, guides included.</param>
/// <param name="TrainingFlops">Training FLOPs, paper convention; those of sampled guides as expected.</param>
/// <param name="Factors">The options of factors; none for a dense variant.</param>
internal sealed record DeclaredCost(long Parameters, long ParametersAtStart, decimal TrainingFlops, IReadOnlyList<FactorCost> Factors);
