using System.ComponentModel;
using LowRank.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Rotary position embedding (Su et al., 2021) of the first <c>size</c> entries of every head, in halves as LLaMA lays them out:
/// entry i and entry i + size/2 turn together by <c>position · base^(−2i/size)</c>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor cosine;
    private readonly Tensor sine;
    private readonly Tensor exactCosine;
    private readonly Tensor exactSine;
    private readonly int size;

    /// <summary>Tabulates the angles.</summary>
    /// <param name="context">Number of positions.</param>
    /// <param name="size">Entries of a head that are rotated; even.</param>
    /// <param name="frequencyBase">Base of the frequencies.</param>
    /// <param name="options">Device and types.</param>
    public RotaryEmbedding(int context, int size, double frequencyBase, ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.size = size;
        using var scope = NewDisposeScope();
        using Scalar zero = 0,
            one = 1,
            two = 2,
            entries = size,
            positions = context;
        var exponents = arange(zero, entries, two, ScalarType.Float64).div(entries);
        var frequencies = pow(tensor(frequencyBase, ScalarType.Float64), -exponents);
        var angles = outer(arange(zero, positions, one, ScalarType.Float64), frequencies).view(context, 1, size / 2);
        // [context, 1, size/2], broadcast over the heads.
        cosine = angles.cos().to(options.EffectiveComputeType).to(options.Device).DetachFromDisposeScope();
        sine = angles.sin().to(options.EffectiveComputeType).to(options.Device).DetachFromDisposeScope();
        // What the fused kernel multiplies by, whatever the type of the heads.
        exactCosine = angles.cos().to(ScalarType.Float32).contiguous().DetachFromDisposeScope();
        exactSine = angles.sin().to(ScalarType.Float32).contiguous().DetachFromDisposeScope();
    }

    /// <summary>Entries of a head that are rotated.</summary>
    internal int Size => size;

    /// <summary>Addresses of cosines and sines, <c>[context, size/2]</c> in 32-bit floats. Valid while the table is not disposed.</summary>
    internal unsafe (nint Cosine, nint Sine) Angles => ((nint)TensorMemory.Address(exactCosine), (nint)TensorMemory.Address(exactSine));

    /// <summary>Rotates heads by their positions.</summary>
    /// <param name="heads"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="firstPosition">Position of the first token of the sequence.</param>
    /// <returns>A new tensor of the same shape.</returns>
    public Tensor Rotate(Tensor heads, long firstPosition)
    {
        ArgumentNullException.ThrowIfNull(heads);
        if (is_grad_enabled() && heads.requires_grad)
            return Turn(heads, firstPosition, sign: 1);
        // A copy: contiguous() would be the same memory where it is contiguous already.
        var rotated = empty(heads.shape, heads.dtype, heads.device);
        rotated.copy_(heads);
        Rotate(rotated, firstPosition, heads.shape[2], sign: 1);
        return rotated;
    }

    /// <summary>Rotates the first heads of every token in place, outside autograd.</summary>
    /// <param name="heads"><c>[batch, sequence, heads, headSize]</c>, contiguous; the first token of a sequence stands at position
    /// 0.</param>
    /// <param name="count">How many heads turn.</param>
    internal void RotateInPlace(Tensor heads, int count) => Rotate(heads, firstPosition: 0, count, sign: 1);

    /// <summary>Turns gradients of rotated heads, in place, into those of the heads before: the rotation by the opposite angle.</summary>
    /// <param name="heads">As given to <see cref="RotateInPlace"/>.</param>
    /// <param name="count">How many heads turn.</param>
    internal void RotateBack(Tensor heads, int count) => Rotate(heads, firstPosition: 0, count, sign: -1);

    private unsafe void Rotate(Tensor heads, long firstPosition, long count, int sign)
    {
        ArgumentNullException.ThrowIfNull(heads);
        if (!TensorMemory.IsFusable(heads))
        {
            using var place = heads.narrow(2, 0, count);
            using var turned = Turn(place, firstPosition, sign);
            place.copy_(turned);
            return;
        }

        var shape = heads.shape;
        var rows = new RotaryKernel.HeadShape(shape[0] * shape[1], shape[1], shape[2], count, shape[3], size);
        var offset = firstPosition * (size / 2);
        var cos = (float*)TensorMemory.Address(exactCosine) + offset;
        var sin = (float*)TensorMemory.Address(exactSine) + offset;
        if (heads.dtype == ScalarType.Float32)
            RotaryKernel.Rotate<Float32Element>(TensorMemory.Address(heads), cos, sin, rows, sign);
        else
            RotaryKernel.Rotate<BFloat16Element>(TensorMemory.Address(heads), cos, sin, rows, sign);
    }

    private Tensor Turn(Tensor heads, long firstPosition, int sign)
    {
        var half = size / 2;
        var rest = heads.shape[3] - size;
        using var cos = cosine.narrow(0, firstPosition, heads.shape[1]);
        using var sin = sine.narrow(0, firstPosition, heads.shape[1]);
        using var first = heads.narrow(3, 0, half);
        using var second = heads.narrow(3, half, half);
        using var turnedFirst = first.mul(cos).AddProductInPlace(second, sin, -sign);
        using var turnedSecond = second.mul(cos).AddProductInPlace(first, sin, sign);
        if (rest == 0)
            return cat([turnedFirst, turnedSecond], 3);
        using var unturned = heads.narrow(3, size, rest);
        return cat([turnedFirst, turnedSecond, unturned], 3);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        cosine.Dispose();
        sine.Dispose();
        exactCosine.Dispose();
        exactSine.Dispose();
    }
}
