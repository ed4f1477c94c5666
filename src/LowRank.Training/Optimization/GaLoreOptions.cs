namespace LowRank.Training.Optimization;

/// <summary>The constants of GaLore's AdamW.</summary>
/// <param name="Rank">Rank to which gradients are projected; at most the smaller side of every matrix.</param>
/// <param name="Gap">Updates between two projections.</param>
/// <param name="Scale">What the update is multiplied by when it is projected back.</param>
/// <param name="Beta1">β₁, in [0, 1).</param>
/// <param name="Beta2">β₂, in [0, 1).</param>
/// <param name="Epsilon">ε, added to the root of the second moment before the bias correction, as the reference has it.</param>
/// <param name="WeightDecay">λ of the decoupled decay, applied after the update, as the reference has it.</param>
public sealed record GaLoreOptions(int Rank, int Gap, double Scale, double Beta1, double Beta2, double Epsilon, double WeightDecay)
{
    /// <summary>The reference's rank.</summary>
    internal const int UsualRank = 128;
}
