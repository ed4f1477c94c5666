using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Rotary position embedding (Su et al., 2021) of the first <c>size</c> entries of every head, in halves as LLaMA lays them out:
/// entry i and entry i + size/2 turn together by <c>position · base^(−2i/size)</c>.
/// </summary>
public sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor cosine;
    private readonly Tensor sine;
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
        var exponents = arange(0, size, 2, ScalarType.Float64) / size;
        var frequencies = pow(tensor(frequencyBase, ScalarType.Float64), -exponents);
        var angles = outer(arange(context, dtype: ScalarType.Float64), frequencies).view(context, 1, size / 2);
        // [context, 1, size/2], broadcast over the heads.
        cosine = angles.cos().to(options.EffectiveComputeType).to(options.Device).DetachFromDisposeScope();
        sine = angles.sin().to(options.EffectiveComputeType).to(options.Device).DetachFromDisposeScope();
    }

    /// <summary>Rotates heads by their positions.</summary>
    /// <param name="heads"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="firstPosition">Position of the first token of the sequence.</param>
    /// <returns>A new tensor of the same shape.</returns>
    public Tensor Rotate(Tensor heads, long firstPosition)
    {
        ArgumentNullException.ThrowIfNull(heads);
        var half = size / 2;
        var rest = heads.shape[3] - size;
        using var cos = cosine.narrow(0, firstPosition, heads.shape[1]);
        using var sin = sine.narrow(0, firstPosition, heads.shape[1]);
        using var first = heads.narrow(3, 0, half);
        using var second = heads.narrow(3, half, half);
        using var turnedFirst = first.mul(cos).addcmul_(second, sin, -1);
        using var turnedSecond = second.mul(cos).addcmul_(first, sin, 1);
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
    }
}
