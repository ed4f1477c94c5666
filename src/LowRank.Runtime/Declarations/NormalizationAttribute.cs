namespace LowRank;

/// <summary>
/// Declares a normalization of the last dimension in a <see cref="ModuleAttribute">module</see>. The property's type says which:
/// <see cref="Layers.RmsNorm"/> or <see cref="Layers.LayerNorm"/>, or a list of them with <see cref="Count"/>.
/// </summary>
/// <param name="width">Size of the last dimension.</param>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class NormalizationAttribute(int width) : Attribute
{
    /// <summary>Size of the last dimension.</summary>
    public int Width { get; } = width;

    /// <summary>The ε added inside the root. Default: 1e-5.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether a LayerNorm adds a bias. Default: false.</summary>
    public bool Bias { get; set; }

    /// <summary>Number of norms of a list property. Left out for a single one.</summary>
    public int Count { get; set; }
}
