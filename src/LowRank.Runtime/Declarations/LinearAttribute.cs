namespace LowRank;

/// <summary>
/// Declares a linear layer of a <see cref="ModuleAttribute">module</see>: <c>y = Wx + b</c>, <c>[…, inputs]</c> to <c>[…, outputs]</c>. The
/// property is of type <see cref="Layers.LinearLayer"/>, or of <c>IReadOnlyList&lt;LinearLayer&gt;</c> with <see cref="Count"/>.
/// </summary>
/// <param name="inputs">Size of the last dimension of the input.</param>
/// <param name="outputs">Size of the last dimension of the output.</param>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class LinearAttribute(int inputs, int outputs) : Attribute
{
    /// <summary>Size of the last dimension of the input.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>Size of the last dimension of the output.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>Whether a bias is added. Default: false.</summary>
    public bool Bias { get; set; }

    /// <summary>Number of layers of a list property. Left out for a single layer.</summary>
    public int Count { get; set; }
}
