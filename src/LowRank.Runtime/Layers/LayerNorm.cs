using LowRank.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>Layer normalization (Ba et al., 2016, arXiv:1607.06450): <c>y = g ⊙ (x − mean(x)) / √(var(x) + ε) + b</c>.</summary>
public sealed class LayerNorm : NormLayer
{
    private readonly double epsilon;

    /// <summary>Allocates the layer with all gains 1 and all biases 0.</summary>
    /// <param name="width">Size of the last dimension.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="options">Device and types.</param>
    public LayerNorm(long width, double epsilon, bool bias, ModelOptions options)
        : base(nameof(LayerNorm), (options ?? throw new ArgumentNullException(nameof(options))).EffectiveComputeType)
    {
        this.epsilon = epsilon;
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

    internal override NormParameters Norm => new(Weight, Bias, epsilon, IsCentered: true);
}
