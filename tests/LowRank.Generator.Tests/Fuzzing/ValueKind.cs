namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>What an argument of an attribute should be.</summary>
internal enum ValueKind
{
    Size,
    Long,
    Real,
    Reals,
    Truth,
    Layers,
    Class,
    Positions,
    Norm,
    NormPlacement,
    QueryKeyNorm,
    RotaryScalingType,
    Bias,
    Residual,
    Activation,
    Guide,
    Schedule,
    Projections,
    Initialization,
    OptimizerKind,
    RouterScore,
    Balance,
}
