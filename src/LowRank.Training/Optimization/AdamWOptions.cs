namespace LowRank.Training.Optimization;

/// <summary>The constants of AdamW.</summary>
/// <param name="Beta1">β₁, in [0, 1).</param>
/// <param name="Beta2">β₂, in [0, 1).</param>
/// <param name="Epsilon">ε, added to the root of the second moment.</param>
/// <param name="WeightDecay">λ of the decoupled decay: every step multiplies the parameters by 1 − lr·λ.</param>
/// <param name="ClipNorm">Largest norm of the whole gradient.</param>
public sealed record AdamWOptions(double Beta1, double Beta2, double Epsilon, double WeightDecay, double ClipNorm);
