namespace LowRank.Training.Optimization;

/// <summary>The constants of Spectron.</summary>
/// <param name="Momentum">β, in [0, 1).</param>
/// <param name="RateFactor">Its learning rate η as a multiple of the step's.</param>
/// <param name="WeightDecay">λ of the decoupled decay: every step multiplies the factors by 1 − lr·λ.</param>
public sealed record SpectronOptions(double Momentum, double RateFactor, double WeightDecay);
