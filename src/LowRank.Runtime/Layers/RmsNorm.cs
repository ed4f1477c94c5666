using LowRank.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>Root mean square normalization (Zhang and Sennrich, 2019, arXiv:1910.07467): <c>y = g ⊙ x / √(mean(x²) + ε)</c>.</summary>
public sealed class RmsNorm : NormLayer
{
    private readonly double epsilon;

    /// <summary>Allocates the layer with all gains 1.</summary>
    /// <param name="width">Size of the last dimension.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="options">Device and types.</param>
    public RmsNorm(long width, double epsilon, ModelOptions options)
        : base(nameof(RmsNorm), (options ?? throw new ArgumentNullException(nameof(options))).EffectiveComputeType)
    {
        this.epsilon = epsilon;
        Weight = new Parameter(ones(width, dtype: options.DataType, device: options.Device));
        register_parameter("weight", Weight);
    }

    /// <summary>g: <c>[width]</c>.</summary>
    public Parameter Weight { get; }

    internal override NormParameters Norm => new(Weight, Bias: null, epsilon, IsCentered: false);
}
