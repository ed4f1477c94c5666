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

    internal double Epsilon => epsilon;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!is_grad_enabled() && IsFused(input))
        {
            var output = Normalize(input, out var scales);
            scales.Dispose();
            return output;
        }

        using var x = input.dtype == Weight.dtype ? input.alias() : input.to(Weight.dtype);
        using var squares = x.mul(x);
        using var mean = squares.mean([-1], keepdim: true);
        using var shifted = mean.Plus(epsilon);
        using var scale = shifted.rsqrt();
        using var normalized = x.mul(scale);
        return Cast(normalized.mul(Weight));
    }

    /// <inheritdoc/>
    internal override Tensor Record(Tensor x, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(tape);
        if (!IsFused(x))
            return base.Record(x, tape);
        var output = Normalize(x, out var scales);
        tape.KeepAlias(x);
        tape.Keep(scales);
        return output;
    }

    /// <inheritdoc/>
    internal override void Backward(Tensor gradient, Tape tape, Tensor into)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(into);
        if (!IsFused(into))
        {
            base.Backward(gradient, tape, into);
            return;
        }

        using var scales = tape.Take();
        using var x = tape.Take();
        using var upstream = gradient.contiguous();
        // The kernel sums the gain's gradient as it goes; a frozen gain's is thrown away.
        using var gainGradient = Weight.requires_grad ? GradientMemory.Of(Weight) : zeros_like(Weight, requires_grad: false);
        Differentiate(x, scales, upstream, into, gainGradient);
    }

    // Parameters in double precision, other devices and strided inputs take the general way.
    private bool IsFused(Tensor x) =>
        Weight.dtype == ScalarType.Float32 && OutputType is ScalarType.Float32 or ScalarType.BFloat16 && TensorMemory.IsFusable(x);

    private unsafe Tensor Normalize(Tensor x, out Tensor scales)
    {
        var width = Weight.shape[0];
        var rows = x.NumberOfElements / width;
        scales = empty(rows, ScalarType.Float32);
        var output = ActivationMemory.Empty(x.shape, OutputType, x.device);
        if (rows == 0)
            return output;
        var from = TensorMemory.Address(x);
        var gain = (float*)TensorMemory.Address(Weight);
        var to = TensorMemory.Address(output);
        var kept = (float*)TensorMemory.Address(scales);
        switch (x.dtype, OutputType)
        {
            case (ScalarType.Float32, ScalarType.Float32):
                RmsNormKernel.Forward<Float32Element, Float32Element>(from, gain, to, kept, rows, width, epsilon);
                break;
            case (ScalarType.Float32, _):
                RmsNormKernel.Forward<Float32Element, BFloat16Element>(from, gain, to, kept, rows, width, epsilon);
                break;
            case (_, ScalarType.Float32):
                RmsNormKernel.Forward<BFloat16Element, Float32Element>(from, gain, to, kept, rows, width, epsilon);
                break;
            default:
                RmsNormKernel.Forward<BFloat16Element, BFloat16Element>(from, gain, to, kept, rows, width, epsilon);
                break;
        }

        return output;
    }

    private unsafe void Differentiate(Tensor x, Tensor scales, Tensor upstream, Tensor into, Tensor gainGradient)
    {
        var width = Weight.shape[0];
        var rows = x.NumberOfElements / width;
        if (rows == 0)
            return;
        var from = TensorMemory.Address(x);
        var gain = (float*)TensorMemory.Address(Weight);
        var kept = (float*)TensorMemory.Address(scales);
        var gradient = TensorMemory.Address(upstream);
        var to = TensorMemory.Address(into);
        var sum = (float*)TensorMemory.Address(gainGradient);
        switch (x.dtype, upstream.dtype)
        {
            case (ScalarType.Float32, ScalarType.Float32):
                RmsNormKernel.Backward<Float32Element, Float32Element>(from, gain, kept, gradient, to, sum, rows, width);
                break;
            case (ScalarType.Float32, _):
                RmsNormKernel.Backward<Float32Element, BFloat16Element>(from, gain, kept, gradient, to, sum, rows, width);
                break;
            case (_, ScalarType.Float32):
                RmsNormKernel.Backward<BFloat16Element, Float32Element>(from, gain, kept, gradient, to, sum, rows, width);
                break;
            default:
                RmsNormKernel.Backward<BFloat16Element, BFloat16Element>(from, gain, kept, gradient, to, sum, rows, width);
                break;
        }
    }
}
