namespace LowRank.Generator.Model;

/// <summary>The sizes of an attention sublayer, all inferred.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key and value heads.</param>
/// <param name="HeadSize">Size of a head.</param>
/// <param name="RotarySize">Leading elements of a head that are rotated; 0 without rotary positions.</param>
/// <param name="HasQueryKeyNorm">Whether queries and keys are normalised.</param>
internal sealed record AttentionModel(int Heads, int KeyValueHeads, int HeadSize, int RotarySize, bool HasQueryKeyNorm)
{
    /// <summary>Heads × head size: the width at which attention works.</summary>
    public int Width => Heads * HeadSize;

    /// <summary>Key and value heads × head size.</summary>
    public int KeyValueWidth => KeyValueHeads * HeadSize;
}
