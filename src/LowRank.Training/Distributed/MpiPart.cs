using static TorchSharp.torch;

namespace LowRank.Training.Distributed;

/// <summary>What a collective operation does to a tensor.</summary>
internal enum MpiAction
{
    /// <summary>Sums it over the ranks, for all.</summary>
    AllReduce,

    /// <summary>Sums it over the ranks, for its owner.</summary>
    Reduce,

    /// <summary>Copies it from its owner to all.</summary>
    Broadcast,
}

/// <summary>One tensor of a collective operation. The tensor is held, so that its memory stays while the operation is queued.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Address">Its first element.</param>
/// <param name="Count">Number of elements.</param>
/// <param name="Type">Their type.</param>
/// <param name="Owner">A rank, where the operation has one.</param>
internal sealed record MpiPart(Tensor Tensor, nint Address, long Count, ScalarType Type, int Owner);
