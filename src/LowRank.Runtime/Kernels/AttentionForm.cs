using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>What decides which operator can compute an attention.</summary>
/// <param name="Device">Where it is computed, by its name.</param>
/// <param name="Type">Type of queries, keys and values.</param>
/// <param name="Heads">Number of query heads.</param>
/// <param name="KeyValueHeads">Number of key and value heads.</param>
/// <param name="HeadSize">Size of one head of queries and keys.</param>
/// <param name="Window">Number of tokens that a token sees, itself included; null for all before it.</param>
/// <param name="Scale">What products of queries and keys are multiplied by; null for <c>1/√headSize</c>.</param>
internal readonly record struct AttentionForm(
    string Device,
    ScalarType Type,
    long Heads,
    long KeyValueHeads,
    long HeadSize,
    long? Window,
    double? Scale = null
)
{
    /// <summary>Size of one head of values.</summary>
    public long ValueSize { get; init; } = HeadSize;
}
