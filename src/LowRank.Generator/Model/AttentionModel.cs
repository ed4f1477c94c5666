namespace LowRank.Generator.Model;

/// <summary>The sizes of an attention sublayer, all inferred.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key and value heads.</param>
/// <param name="HeadSize">Size of a head of queries and keys: of latent attention, rotated part and content together.</param>
/// <param name="Rotation">How queries and keys are rotated; null without rotary positions.</param>
/// <param name="QueryKeyNorm">How queries and keys are normalized.</param>
/// <param name="Window">Tokens that a token sees, itself included; null for all before it.</param>
internal sealed record AttentionModel(
    int Heads,
    int KeyValueHeads,
    int HeadSize,
    RotationModel? Rotation,
    QueryKeyNorm QueryKeyNorm,
    int? Window = null
)
{
    /// <summary>What latent attention has besides; null for any other.</summary>
    public LatentModel? Latent { get; init; }

    /// <summary>Leading elements of a head that are rotated; 0 without rotary positions.</summary>
    public int RotarySize => Rotation?.Size ?? 0;

    /// <summary>Size of a head's values.</summary>
    public int ValueSize => Latent?.ValueSize ?? HeadSize;

    /// <summary>Heads × value size: the width of what the heads attended to.</summary>
    public int ValueWidth => Heads * ValueSize;

    /// <summary>Numbers that a cache holds of a token: its keys and values, or what they are expanded from.</summary>
    public long CachedPerToken => Latent is { } latent ? (long)latent.KeyValueRank + RotarySize : 2L * KeyValueWidth;

    /// <summary>What products of queries and keys are multiplied by; null for 1/√headSize.</summary>
    public double? ScoreScale { get; init; }

    /// <summary>The soft cap of the scores; null for none.</summary>
    public double? ScoreSoftCap { get; init; }

    /// <summary>Heads × head size: the width at which attention works.</summary>
    public int Width => Heads * HeadSize;

    /// <summary>Key and value heads × head size.</summary>
    public int KeyValueWidth => KeyValueHeads * HeadSize;

    /// <summary>Whether queries and keys are normalized.</summary>
    public bool HasQueryKeyNorm => QueryKeyNorm != QueryKeyNorm.None;

    /// <summary>What the norm of the queries goes over.</summary>
    public int QueryNormWidth => QueryKeyNorm == QueryKeyNorm.Projection ? Width : HeadSize;

    /// <summary>What the norm of the keys goes over.</summary>
    public int KeyNormWidth => QueryKeyNorm == QueryKeyNorm.Projection ? KeyValueWidth : HeadSize;

    /// <summary>Heads of queries and keys, which are rotated together.</summary>
    public int QueryKeyHeads => Heads + KeyValueHeads;

    /// <summary>Heads of queries, keys and values, which are projected together.</summary>
    public int ProjectedHeads => Heads + 2 * KeyValueHeads;

    /// <summary>Outputs of the joint projection of queries, keys and values.</summary>
    public int ProjectedWidth => Width + 2 * KeyValueWidth;
}
