namespace LowRank.Training.Scaling;

/// <summary>How many numbers an optimizer keeps from step to step, and how many gradients it needs from all ranks.</summary>
/// <param name="kind">The optimizer. What has no factor, Spectron leaves to Muon.</param>
/// <param name="galoreRank">The rank to which GaLore projects.</param>
internal sealed class OptimizerNumbers(OptimizerKind kind, int galoreRank)
{
    /// <summary>Numbers that AdamW keeps of each: both moments.</summary>
    private const int Moments = 2;

    /// <summary>Whether it is AdamW on every number, which is the same however the numbers are divided.</summary>
    public bool IsElementwise => kind == OptimizerKind.AdamW;

    /// <summary>State of all that is trained.</summary>
    public long State(TrainedWeights weights) => checked(OtherState(weights) + weights.Sum(State));

    /// <summary>State of what isn't a weight of a hidden layer: AdamW's.</summary>
    public static long OtherState(TrainedWeights weights) => checked(Moments * weights.Other);

    /// <summary>State of a weight, of its factors and its guide.</summary>
    public long State(TrainedMatrix matrix) =>
        checked((matrix.IsFull ? FullState(matrix) : 0) + (matrix.Rank > 0 ? FactorState(matrix) : 0));

    /// <summary>
    /// Gradients that are summed over the ranks in a step in which every guide takes part: of a guided weight the full one, from which
    /// those of the factors are projected; else those of the factors.
    /// </summary>
    /// <param name="weights">What is trained.</param>
    /// <param name="isRefresh">Whether GaLore chooses its projections in this step, from whole gradients.</param>
    public long Reduced(TrainedWeights weights, bool isRefresh) =>
        checked(weights.Other + weights.Sum(matrix => Reduced(matrix, isRefresh)));

    /// <summary>The first weight that GaLore's rank is too large for; null for none.</summary>
    public TrainedMatrix? TooSmall(TrainedWeights weights) =>
        kind == OptimizerKind.GaLore
            ? weights.Matrices.FirstOrDefault(matrix => matrix.IsFull && Math.Min(matrix.Outputs, matrix.Inputs) < galoreRank)
            : null;

    private long Reduced(TrainedMatrix matrix, bool isRefresh) =>
        matrix.HasGuide ? matrix.Full
        : matrix.Rank > 0 ? matrix.Factors
        : kind == OptimizerKind.GaLore && !isRefresh ? checked(galoreRank * Math.Max(matrix.Outputs, matrix.Inputs))
        : matrix.Full;

    private long FullState(TrainedMatrix matrix) =>
        kind switch
        {
            OptimizerKind.AdamW => checked(Moments * matrix.Full),
            // The projection, and both moments of what is projected.
            OptimizerKind.GaLore => checked(
                galoreRank * (Math.Min(matrix.Outputs, matrix.Inputs) + Moments * Math.Max(matrix.Outputs, matrix.Inputs))
            ),
            _ => matrix.Full,
        };

    private long FactorState(TrainedMatrix matrix) =>
        kind switch
        {
            OptimizerKind.AdamW or OptimizerKind.GaLore => checked(Moments * matrix.Factors),
            // The momentum, and the left singular vectors of U and V.
            OptimizerKind.Spectron => checked(matrix.Factors + matrix.Outputs + matrix.Rank),
            _ => matrix.Factors,
        };
}
