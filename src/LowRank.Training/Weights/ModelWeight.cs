using static TorchSharp.torch;

namespace LowRank.Training.Weights;

/// <summary>A full-size weight, bias or gain of a model, in whatever form the model holds it.</summary>
/// <param name="name">The dotted name of what holds it.</param>
/// <param name="shape">Its full-size shape, outputs first.</param>
internal abstract class ModelWeight(string name, long[] shape)
{
    private const string Suffix = ".weight";

    /// <summary>The dotted name of what holds it.</summary>
    public string Name { get; } = name;

    /// <summary>The dotted name of the layer that it is a weight of.</summary>
    public string LayerName => Name.EndsWith(Suffix, StringComparison.Ordinal) ? Name[..^Suffix.Length] : Name;

    /// <summary>The first of the layer's outputs that it makes: a fused layer holds the weights of several roles.</summary>
    public virtual long FirstOutput => 0;

    /// <summary>Its full-size shape, outputs first.</summary>
    public long[] Shape { get; } = shape;

    /// <summary>The full-size values, as the model computes with them now. The caller disposes them.</summary>
    public abstract Tensor Read();

    /// <summary>Takes full-size values over.</summary>
    /// <param name="values">Of <see cref="Shape"/>, in any floating type, on any device.</param>
    /// <param name="options">How they become factors.</param>
    /// <returns>What was lost, where the model holds them in factors.</returns>
    public abstract FactoredWeight? Load(Tensor values, FactoringOptions options);
}
