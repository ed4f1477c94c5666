using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>Root mean square normalisation (Zhang and Sennrich, 2019): <c>y = g ⊙ x / √(mean(x²) + ε)</c>.</summary>
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

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var x = input.dtype == Weight.dtype ? input.alias() : input.to(Weight.dtype);
        using var squares = x.square();
        using var mean = squares.mean([-1], keepdim: true);
        using var shifted = mean.add(epsilon);
        using var scale = shifted.rsqrt();
        using var normalized = x.mul(scale);
        return Cast(normalized.mul(Weight));
    }
}
