using static TorchSharp.torch;

namespace LowRank.Training.Weights;

/// <summary>A parameter, or some rows of one: loaded and read exactly.</summary>
/// <param name="name">The parameter's dotted name.</param>
/// <param name="parameter">The parameter.</param>
/// <param name="first">Its first row that counts.</param>
/// <param name="rows">The number of rows that count.</param>
internal sealed class ParameterWeight(string name, Tensor parameter, long first, long rows)
    : ModelWeight(name, [rows, .. parameter.shape.Skip(1)])
{
    public ParameterWeight(string name, Tensor parameter)
        : this(name, parameter, 0, parameter.shape[0]) { }

    public override long FirstOutput => first;

    public override Tensor Read()
    {
        using var noGradient = no_grad();
        using var detached = parameter.detach();
        return detached.narrow(0, first, rows);
    }

    public override FactoredWeight? Load(Tensor values, FactoringOptions options)
    {
        using var noGradient = no_grad();
        using var place = parameter.narrow(0, first, rows);
        place.copy_(values);
        return null;
    }
}
