using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>What one update of AdamW reads and writes: flat tensors of one length and one type, on one device.</summary>
/// <param name="Values">The parameters.</param>
/// <param name="Gradients">Their gradients; zero afterwards.</param>
/// <param name="FirstMoments">Means of the gradients.</param>
/// <param name="SecondMoments">Means of their squares.</param>
/// <param name="Copy">Where the new parameters are left in bfloat16, too, or null.</param>
/// <param name="Updates">Number of updates, this one included.</param>
internal readonly record struct AdamWBuffers(
    Tensor Values,
    Tensor Gradients,
    Tensor FirstMoments,
    Tensor SecondMoments,
    Tensor? Copy,
    long Updates
);
