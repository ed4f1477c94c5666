namespace LowRank.Generator.Model;

/// <summary>What <c>[Transformer]</c> says, defaults filled in.</summary>
internal sealed record TransformerOptions(
    int Vocabulary,
    int Context,
    int Width,
    int Depth,
    Positions Positions,
    double RotaryBase,
    double RotaryFraction,
    Norm Norm,
    double NormEpsilon,
    Bias Bias,
    bool TieEmbeddings,
    Residual Residual,
    bool ActivationCheckpointing = false
);
