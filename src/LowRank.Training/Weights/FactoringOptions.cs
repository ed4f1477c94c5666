using LowRank.Reparameterization;

namespace LowRank.Training.Weights;

/// <summary>How full-size weights become factors and guides.</summary>
public sealed record FactoringOptions
{
    /// <summary>What a guide starts as. Default: the pretrained weight.</summary>
    public GuideStart Guide { get; init; } = GuideStart.Pretrained;

    /// <summary>How the singular values are found. Default: through the Gram matrix.</summary>
    internal FactorizationMethod Method { get; init; } = FactorizationMethod.Gram;
}
