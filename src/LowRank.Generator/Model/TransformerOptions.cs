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
)
{
    /// <summary>Where the norms of the sublayers stand.</summary>
    public NormPlacement NormPlacement { get; init; } = NormPlacement.Before;

    /// <summary>Whether the tokens' vectors are multiplied by √width.</summary>
    public bool ScaleEmbeddings { get; init; }

    /// <summary>What the tokens' vectors are multiplied by; null where nothing is said.</summary>
    public double? EmbeddingScale { get; init; }

    /// <summary>What the logits are multiplied by; null where nothing is said.</summary>
    public double? LogitScale { get; init; }

    /// <summary>The soft cap of the logits; null for none.</summary>
    public double? LogitSoftCap { get; init; }

    /// <summary>The factor of the tokens' vectors.</summary>
    public double EmbeddingFactor => ScaleEmbeddings ? Math.Sqrt(Width) : EmbeddingScale ?? 1;

    /// <summary>The factor of the logits.</summary>
    public double LogitFactor => LogitScale ?? 1;

    /// <summary>Whether a norm stands before every sublayer.</summary>
    public bool HasNormBefore => NormPlacement != NormPlacement.After;

    /// <summary>Whether a norm stands after every sublayer.</summary>
    public bool HasNormAfter => NormPlacement != NormPlacement.Before;

    /// <summary>Whether a token sees itself and those before it alone.</summary>
    public bool Causal { get; init; } = true;

    /// <summary>The arguments about rotary positions that are written out, defaults or not.</summary>
    public EquatableArray<string> Written { get; init; } = EquatableArray<string>.Empty;

    /// <summary>Whether there is anything to sum over: a size below 1 is refused, and sums over it mean nothing.</summary>
    public bool HasSizes => Vocabulary > 0 && Context > 0 && Width > 0 && Depth > 0;
}
