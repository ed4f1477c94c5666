using System;
using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>
/// What one forward and backward pass holds beside parameters, gradients and moments, in bytes: activations that the tape keeps, and the
/// largest temporaries on top of them. Term by term in docs/memory.md.
/// </summary>
/// <param name="KeptPerToken">Activations kept from forward to backward, per token of the micro-batch.</param>
/// <param name="CastWeights">Weights in the type of the products, where that is another one, and in forms that are made once per optimizer
/// step.</param>
/// <param name="HeadPerToken">The hidden states and their gradient, per token, while head and loss are computed.</param>
/// <param name="HeadPerRow">Logits, per row of a chunk.</param>
/// <param name="HeadWeights">Gradient of the head's weight in the type of the products; 0 where that is its own type.</param>
/// <param name="RowsPerChunk">Most rows of logits that exist at once.</param>
/// <param name="BackwardPerToken">Gradients alive at the fullest moment of the backward pass, per token.</param>
/// <param name="WeightGradient">The largest gradient of a weight in the type of the products; 0 where that is its own type.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record WorkingMemory(
    long KeptPerToken,
    long CastWeights,
    long HeadPerToken,
    long HeadPerRow,
    long HeadWeights,
    long RowsPerChunk,
    long BackwardPerToken,
    long WeightGradient
)
{
    /// <summary>Logits of a chunk in <c>NextTokenLoss</c>.</summary>
    internal const long LogitsPerChunk = 1 << 22;

    /// <summary>Rows of a chunk of logits: <c>max(1, ⌊2²² / vocabulary⌋)</c>.</summary>
    internal static long ChunkRows(long vocabulary) => Math.Max(1, LogitsPerChunk / vocabulary);

    /// <summary>Bytes at the fullest moment: <c>kept + max(head, backward)</c>.</summary>
    /// <param name="tokens">Tokens of the micro-batch: sequences × context.</param>
    public decimal Of(long tokens) => Kept(tokens) + Math.Max(Head(tokens), Backward(tokens));

    /// <summary>Activations and cast weights at the end of the forward pass.</summary>
    /// <param name="tokens">Tokens of the micro-batch.</param>
    public decimal Kept(long tokens) => (decimal)KeptPerToken * tokens + CastWeights;

    /// <summary>Temporaries of head and loss.</summary>
    /// <param name="tokens">Tokens of the micro-batch.</param>
    public decimal Head(long tokens) => (decimal)HeadPerToken * tokens + (decimal)HeadPerRow * Math.Min(tokens, RowsPerChunk) + HeadWeights;

    /// <summary>Temporaries of the backward pass.</summary>
    /// <param name="tokens">Tokens of the micro-batch.</param>
    public decimal Backward(long tokens) => (decimal)BackwardPerToken * tokens + WeightGradient;
}
