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

    /// <summary>Whether queries and keys are rotated.</summary>
    public bool Rotates(TransformerOptions transformer) => (Positions ?? transformer.Positions) == LowRank.Positions.Rotary;
}
