using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Training.Weights;

/// <summary>Some rows of the weight of a layer with adapters: read with the adapters in it, loaded beneath them.</summary>
/// <param name="name">The parameter's dotted name.</param>
/// <param name="layer">The layer.</param>
/// <param name="first">Its first row that counts.</param>
/// <param name="rows">The number of rows that count.</param>
internal sealed class AdaptedWeight(string name, LoraLinear layer, long first, long rows) : ModelWeight(name, [rows, layer.Inputs])
{
    public override long FirstOutput => first;

    public override Tensor Read()
    {
        using var noGradient = no_grad();
        using var merged = layer.MergedWeight();
        using var part = merged.narrow(0, first, rows);
        return part.clone();
    }

    public override FactoredWeight? Load(Tensor values, FactoringOptions options)
    {
        using var noGradient = no_grad();
        using var place = layer.Weight.narrow(0, first, rows);
        place.copy_(values);
        return null;
    }
}
