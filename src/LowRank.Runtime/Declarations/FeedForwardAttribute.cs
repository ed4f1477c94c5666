namespace LowRank;

/// <summary>
/// Declares a feed-forward sublayer: <c>[batch, sequence, width]</c> to the same shape. Plain:
/// <c>down(activation(up(x)))</c>. Gated: <c>down(activation(gate(x)) ⊙ up(x))</c>.
/// </summary>
/// <param name="hidden">Size of the hidden layer.</param>
/// <param name="activation">The non-linearity. Default: SiLU.</param>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class FeedForwardAttribute(int hidden, Activation activation = Activation.Silu) : Attribute
{
    /// <summary>Size of the hidden layer.</summary>
    public int Hidden { get; } = hidden;

    /// <summary>The non-linearity.</summary>
    public Activation Activation { get; } = activation;

    /// <summary>Whether a third linear gates the hidden layer, as in LLaMA. Default: false.</summary>
    public bool Gated { get; set; }

    /// <summary>
    /// The projections that add a bias, <c>Projections.None</c> among them. Default: those that the transformer's Bias names.
    /// </summary>
    public Projections Bias { get; set; }

    /// <summary>
    /// The blocks that have this sublayer, as C# ranges over the depth: <c>"1.."</c>, <c>"..^1"</c>, several as <c>"..2, ^2.."</c>, every
    /// second as <c>"..:2"</c> (from block 0) or <c>"1..:2"</c> (from block 1). Default: all.
    /// </summary>
    public string Layers { get; set; } = "..";
}
