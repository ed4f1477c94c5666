using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>What a part keeps from forward to backward, in bytes per token of a micro-batch and block.</summary>
/// <param name="AtStart">While every guide is present, in 32-bit floats.</param>
/// <param name="AtEnd">Once every guide is gone, in 32-bit floats.</param>
/// <param name="AtStartBf16">While every guide is present, with bfloat16 products.</param>
/// <param name="AtEndBf16">Once every guide is gone, with bfloat16 products.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ActivationCost(long AtStart, long AtEnd, long AtStartBf16, long AtEndBf16);
