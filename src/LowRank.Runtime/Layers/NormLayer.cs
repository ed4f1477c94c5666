using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>A normalisation over the last dimension, computed in the parameters' type: <c>[…, width]</c> to the same shape.</summary>
/// <param name="name">The layer's name in error messages.</param>
/// <param name="outputType">Type of the output, in which the linear layers behind it compute.</param>
public abstract class NormLayer(string name, ScalarType outputType) : Layer(name)
{
    /// <summary>Casts to the output type. Takes the tensor over: the caller must not use it any more.</summary>
    /// <param name="normalized">The normalised tensor.</param>
    protected Tensor Cast(Tensor normalized)
    {
        ArgumentNullException.ThrowIfNull(normalized);
        if (normalized.dtype == outputType)
            return normalized;
        using (normalized)
            return normalized.to(outputType);
    }
}
