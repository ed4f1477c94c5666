using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>A linear map <c>[…, inputs]</c> to <c>[…, outputs]</c>, in whatever form its weight is held.</summary>
/// <param name="name">The layer's name in error messages.</param>
/// <param name="inputs">Size of the last dimension of the input.</param>
/// <param name="outputs">Size of the last dimension of the output.</param>
public abstract class LinearLayer(string name, long inputs, long outputs) : Layer(name)
{
    /// <summary>Size of the last dimension of the input.</summary>
    public long Inputs { get; } = inputs;

    /// <summary>Size of the last dimension of the output.</summary>
    public long Outputs { get; } = outputs;

    /// <summary>
    /// Forward FLOPs per token of the products that a call to forward makes now, from the live tensors' shapes; a multiply-add
    /// counts 2, a bias nothing.
    /// </summary>
    public abstract long ForwardFlopsPerToken { get; }

    /// <summary>
    /// <c>xWᵀ + b</c> in the type of x: parameters of another type are cast within the graph, so that their gradients come back in
    /// their own type.
    /// </summary>
    /// <param name="x"><c>[…, inputs]</c>.</param>
    /// <param name="weight"><c>[outputs, inputs]</c>.</param>
    /// <param name="bias"><c>[outputs]</c>, or null.</param>
    protected static Tensor Product(Tensor x, Tensor weight, Tensor? bias)
    {
        if (x.dtype == weight.dtype)
            return nn.functional.linear(x, weight, bias);
        using var castWeight = weight.to(x.dtype);
        using var castBias = bias?.to(x.dtype);
        return nn.functional.linear(x, castWeight, castBias);
    }
}
