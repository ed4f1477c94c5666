namespace LowRank;

/// <summary>
/// Declares a table of vectors of a <see cref="ModuleAttribute">module</see>: int64 ids <c>[…]</c> to <c>[…, width]</c>. The property is of
/// type <see cref="Layers.Embedding"/>, or of <c>IReadOnlyList&lt;Embedding&gt;</c> with <see cref="Count"/>.
/// </summary>
/// <param name="rows">Number of vectors.</param>
/// <param name="width">Size of a vector.</param>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class EmbeddingAttribute(int rows, int width) : Attribute
{
    /// <summary>Number of vectors.</summary>
    public int Rows { get; } = rows;

    /// <summary>Size of a vector.</summary>
    public int Width { get; } = width;

    /// <summary>Number of tables of a list property. Left out for a single one.</summary>
    public int Count { get; set; }
}
