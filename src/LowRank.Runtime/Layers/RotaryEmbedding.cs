using System.ComponentModel;
using LowRank.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Rotary position embedding (Su et al., 2021) of the first <c>size</c> entries of every head, in halves as LLaMA lays them out:
/// entry i and entry i + size/2 turn together by <c>position · base^(−2i/size)</c>, or by what a scaling makes of it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RotaryEmbedding : IDisposable
{
    private readonly RotaryAngles angles;
    private readonly RotaryAngles longAngles;

    /// <summary>Tabulates the angles.</summary>
    /// <param name="context">Number of positions.</param>
    /// <param name="size">Entries of a head that are rotated; even.</param>
    /// <param name="frequencyBase">Base of the frequencies.</param>
    /// <param name="options">Device and types.</param>
    /// <param name="scaling">How the frequencies are scaled, or null.</param>
    public RotaryEmbedding(int context, int size, double frequencyBase, ModelOptions options, RotaryScaling? scaling = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var scope = NewDisposeScope();
        using Scalar zero = 0,
            two = 2,
            entries = size;
        var exponents = arange(zero, entries, two, ScalarType.Float64).div(entries);
        var frequencies = pow(tensor(frequencyBase, ScalarType.Float64), -exponents);
        double[] plain = [.. frequencies.data<double>()];
        var length = scaling?.Length ?? 1;
        angles = Table(scaling?.Apply(plain, frequencyBase) ?? plain, length, context, options);
        if (scaling is not { Type: RotaryScalingType.LongRope } || context <= scaling.OriginalContext)
            return;
        ShortContext = (int)scaling.OriginalContext;
        longAngles = Table(scaling.Apply(plain, frequencyBase, isLong: true), length, context, options);
    }

    private static RotaryAngles Table(double[] frequencies, double length, int context, ModelOptions options)
    {
        using var scope = NewDisposeScope();
        using Scalar zero = 0,
            one = 1,
            positions = context;
        var turns = outer(arange(zero, positions, one, ScalarType.Float64), tensor(frequencies));
        // In single precision whatever the type of the heads: a position's angle has more digits than bfloat16.
        var type = options.EffectiveComputeType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var (cosine, sine) = (turns.cos(), turns.sin());
        if (length != 1)
            (cosine, sine) = (cosine.MultiplyInPlace(length), sine.MultiplyInPlace(length));
        (cosine, sine) = (cosine.to(type), sine.to(type));
        return new(cosine.to(options.Device).DetachFromDisposeScope(), sine.to(options.Device).DetachFromDisposeScope());
    }

    /// <summary>Entries of a head that are rotated.</summary>
    internal int Size => (int)angles.Size;

    /// <summary>
    /// Tokens of the longest text whose frequencies are those of short ones; all tokens of a longer one turn by others. Null where all
    /// texts turn alike.
    /// </summary>
    internal int? ShortContext { get; }

    /// <summary>The tables for a text.</summary>
    /// <param name="length">Its tokens, those in a cache included.</param>
    internal RotaryAngles AnglesOf(long length) => length > ShortContext ? longAngles : angles;

    /// <summary>Rotates heads by their positions.</summary>
    /// <param name="heads"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="firstPosition">Position of the first token of the sequence.</param>
    /// <returns>A new tensor of the same shape.</returns>
    public Tensor Rotate(Tensor heads, long firstPosition)
    {
        ArgumentNullException.ThrowIfNull(heads);
        if (is_grad_enabled() && heads.requires_grad)
            return RotaryFormula.Turn(heads, AnglesOf(firstPosition + heads.shape[1]), firstPosition, sign: 1);
        // A copy: contiguous() would be the same memory where it is contiguous already.
        var rotated = empty(heads.shape, heads.dtype, heads.device);
        rotated.copy_(heads);
        Rotate(rotated, firstPosition, heads.shape[2], sign: 1);
        return rotated;
    }

    /// <summary>Rotates the first heads of every token in place, outside autograd.</summary>
    /// <param name="heads"><c>[batch, sequence, heads, headSize]</c>, contiguous; the first token of a sequence, or of each of its
    /// documents, stands at position 0.</param>
    /// <param name="count">How many heads turn.</param>
    /// <param name="documents">The documents of the sequences; null where each is one.</param>
    internal void RotateInPlace(Tensor heads, int count, PackedDocuments? documents) => Rotate(heads, documents, count, sign: 1);

    /// <summary>Turns gradients of rotated heads, in place, into those of the heads before: the rotation by the opposite angle.</summary>
    /// <param name="heads">As given to <see cref="RotateInPlace"/>.</param>
    /// <param name="count">How many heads turn.</param>
    /// <param name="documents">As before.</param>
    internal void RotateBack(Tensor heads, int count, PackedDocuments? documents) => Rotate(heads, documents, count, sign: -1);

    // All rows as one whose tokens have angles of their own.
    private void Rotate(Tensor heads, PackedDocuments? documents, long count, int sign)
    {
        ArgumentNullException.ThrowIfNull(heads);
        if (documents is null)
        {
            Rotate(heads, firstPosition: 0, count, sign);
            return;
        }

        using var row = heads.view(1, heads.shape[0] * heads.shape[1], heads.shape[2], heads.shape[3]);
        FusedOperations.For(row).Rotate(row, AnglesOf(documents), firstPosition: 0, count, sign);
    }

    private RotaryAngles AnglesOf(PackedDocuments documents) =>
        documents.Longest > ShortContext ? documents.Turned(angles, longAngles, ShortContext.Value) : documents.Turned(angles);

    private void Rotate(Tensor heads, long firstPosition, long count, int sign)
    {
        ArgumentNullException.ThrowIfNull(heads);
        FusedOperations.For(heads).Rotate(heads, AnglesOf(firstPosition + heads.shape[1]), firstPosition, count, sign);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        angles.Cosine.Dispose();
        angles.Sine.Dispose();
        if (ShortContext is null)
            return;
        longAngles.Cosine.Dispose();
        longAngles.Sine.Dispose();
    }
}
