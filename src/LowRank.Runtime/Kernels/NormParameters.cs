using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// RMSNorm <c>g ⊙ x / √(mean(x²) + ε)</c>, or LayerNorm <c>g ⊙ (x − mean(x)) / √(var(x) + ε) + b</c>, over the last dimension.
/// </summary>
/// <param name="Gain">g: <c>[width]</c>.</param>
/// <param name="Bias">b: <c>[width]</c>, or null.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="IsCentered">Whether the mean is taken off: LayerNorm.</param>
internal readonly record struct NormParameters(Tensor Gain, Tensor? Bias, double Epsilon, bool IsCentered)
{
    /// <summary>Size of the last dimension.</summary>
    public long Width => Gain.shape[0];
}
