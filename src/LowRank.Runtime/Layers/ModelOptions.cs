using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>What a generated model's constructor can be told.</summary>
public sealed record ModelOptions
{
    /// <summary>The device that holds the parameters. Default: the CPU.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>Type of the parameters. Default: 32-bit floats; 64-bit floats are for checking gradients.</summary>
    public ScalarType DataType { get; init; } = ScalarType.Float32;

    /// <summary>
    /// Type in which the linear layers compute: the parameters' own type, or <see cref="ScalarType.BFloat16"/> for mixed precision with
    /// norms, softmax, residual stream and loss in the parameters' type. Default: the type of the parameters.
    /// </summary>
    public ScalarType? ComputeType { get; init; }

    /// <summary>Seed of the initial weights. The same seed draws the same full-size weights whatever is factored.</summary>
    public long Seed { get; init; }

    /// <summary>Whether the declared guides exist. Without them the factors are trained alone.</summary>
    public bool Guided { get; init; } = true;

    /// <summary>Whether the declared adapters exist, all else frozen. Default: no, the model is the one that they adapt.</summary>
    public bool Adapters { get; init; }

    /// <summary>Whether weights are drawn. Off where they are about to be loaded.</summary>
    public bool Initialize { get; init; } = true;

    /// <summary>The type in which the linear layers compute.</summary>
    internal ScalarType EffectiveComputeType => ComputeType ?? DataType;
}
