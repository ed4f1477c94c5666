using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>The tables of a rotary position embedding, on the device of what is turned.</summary>
/// <param name="Cosine">32-bit floats (64-bit ones where heads are computed in them), <c>[context, size/2]</c>, contiguous.</param>
/// <param name="Sine">The same of the sine.</param>
internal readonly record struct RotaryAngles(Tensor Cosine, Tensor Sine)
{
    /// <summary>Entries of a head that turn.</summary>
    public long Size => 2 * Cosine.shape[1];
}
