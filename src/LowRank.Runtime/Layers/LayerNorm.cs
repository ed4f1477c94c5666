using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>Layer normalization (Ba et al., 2016, arXiv:1607.06450): <c>y = g ⊙ (x − mean(x)) / √(var(x) + ε) + b</c>.</summary>
public sealed class LayerNorm : NormLayer
{
    private readonly double epsilon;
    private readonly long[] shape;

    /// <summary>Allocates the layer with all gains 1 and all biases 0.</summary>
    /// <param name="width">Size of the last dimension.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="options">Device and types.</param>
    public LayerNorm(long width, double epsilon, bool bias, ModelOptions options)
        : base(nameof(LayerNorm), (options ?? throw new ArgumentNullException(nameof(options))).EffectiveComputeType)
    {
        this.epsilon = epsilon;
        shape = [width];
        Weight = new Parameter(ones(width, dtype: options.DataType, device: options.Device));
        register_parameter("weight", Weight);
        if (bias)
        {
            Bias = new Parameter(zeros(width, dtype: options.DataType, device: options.Device));
            register_parameter("bias", Bias);
        }
    }

    /// <summary>g: <c>[width]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>b: <c>[width]</c>, or null.</summary>
    public Parameter? Bias { get; }

    internal double Epsilon => epsilon;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.dtype == Weight.dtype)
            return Cast(nn.functional.layer_norm(input, shape, Weight, Bias, epsilon));
        using var x = input.to(Weight.dtype);
        return Cast(nn.functional.layer_norm(x, shape, Weight, Bias, epsilon));
    }
}
