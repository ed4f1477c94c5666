using static TorchSharp.torch;

namespace LowRank.Training.Distributed;

/// <summary>A part of what the ranks share that one of them is responsible for.</summary>
/// <param name="Part">The part, contiguous; of any shape, the same on every rank. Stays the caller's.</param>
/// <param name="Owner">The rank.</param>
internal readonly record struct OwnedPart(Tensor Part, int Owner);
