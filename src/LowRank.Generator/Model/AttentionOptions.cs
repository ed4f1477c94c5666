namespace LowRank.Generator.Model;

/// <summary>What <c>[Attention]</c> says; null where it leaves a size to be inferred.</summary>
internal sealed record AttentionOptions(
    int Heads,
    int? KeyValueHeads,
    int? HeadSize,
    QueryKeyNorm QueryKeyNorm,
    int? Window = null,
    string? Layers = ".."
)
{
    /// <summary>Whether it rotates; null where it does as the transformer says.</summary>
    public Positions? Positions { get; init; }

    /// <summary>Base of the rotary frequencies; null where it is the transformer's.</summary>
    public double? RotaryBase { get; init; }

    /// <summary>Fraction of a head that is rotated; null where it is the transformer's.</summary>
    public double? RotaryFraction { get; init; }

    /// <summary>The projections that add a bias; null where they are the transformer's.</summary>
    public Projections? Bias { get; init; }

    /// <summary>What products of queries and keys are multiplied by; null for 1/√headSize.</summary>
    public double? ScoreScale { get; init; }

    /// <summary>The soft cap of the scores; null for none.</summary>
    public double? ScoreSoftCap { get; init; }

    /// <summary>Whether queries and keys are rotated.</summary>
    public bool Rotates(TransformerOptions transformer) => (Positions ?? transformer.Positions) == LowRank.Positions.Rotary;

    /// <summary>Size of the latent vector of keys and values, which makes the attention latent.</summary>
    public int? KeyValueRank { get; init; }

    /// <summary>Size of the latent vector of queries.</summary>
    public int? QueryRank { get; init; }

    /// <summary>Rotated elements of a query and of the key that all heads share.</summary>
    public int? RotarySize { get; init; }

    /// <summary>Size of a head's values.</summary>
    public int? ValueSize { get; init; }

    /// <summary>Whether latent vectors are normalized.</summary>
    public bool LatentNorm { get; init; } = true;

    /// <summary>The arguments that are written out of those that latent attention alone has, and of those that it can't have.</summary>
    public EquatableArray<string> Written { get; init; } = EquatableArray<string>.Empty;

    public bool IsLatent => KeyValueRank is not null;
}
