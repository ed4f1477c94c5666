using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>
/// What one part of the model costs in one block: one group of equal blocks of a sublayer, or what stands outside the blocks. FLOPs
/// are per token at the declared context, forward, paper convention.
/// </summary>
/// <param name="Name">The property's name, or <c>Embedding</c>, <c>FinalNorm</c>, <c>Head</c>.</param>
/// <param name="Kind">What it is, in the words of the runtime's cost report.</param>
/// <param name="FirstBlock">First block covered.</param>
/// <param name="Count">Number of blocks covered.</param>
/// <param name="Rank">Rank of its factored linears; 0 when dense.</param>
/// <param name="Parameters">Parameters without guides, its own norm included.</param>
/// <param name="GuideParameters">Parameters of its guides.</param>
/// <param name="ForwardFlopsPerToken">Forward FLOPs once the guides are gone, attention scores included.</param>
/// <param name="ScoreFlopsPerToken">The attention-score share, 4·min(S, window)·a.</param>
/// <param name="GuidedForwardFlopsPerToken">Forward FLOPs through the effective weights.</param>
/// <param name="ProjectionFlopsPerStep">Forming effective weights and projecting gradients, once per optimizer step.</param>
internal sealed record PartCost(
    string Name,
    string Kind,
    int FirstBlock,
    int Count,
    int Rank,
    long Parameters,
    long GuideParameters,
    long ForwardFlopsPerToken,
    long ScoreFlopsPerToken,
    long GuidedForwardFlopsPerToken,
    long ProjectionFlopsPerStep
)
{
    /// <summary>Whether it is a sublayer of blocks, and not what stands once outside of them.</summary>
    public bool IsInBlocks => Kind is "attention" or "feed-forward" or "module";

    /// <summary>The distance from one block covered to the next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Its weights.</summary>
    public EquatableArray<WeightShape> Weights { get; init; }

    /// <summary>What a module leaves undeclared, so that it is not counted, in words.</summary>
    public EquatableArray<string> Unknown { get; init; } = EquatableArray<string>.Empty;

    /// <summary>What it keeps for the backward pass.</summary>
    public required ActivationTotals Activations { get; init; }

    /// <summary>
    /// Parameters that a token passes through, guides left out: all of them, but of the experts of a mixture the active ones.
    /// </summary>
    public required long ActiveParameters { get; init; }

    /// <summary>Parameters of the guides that a token passes through.</summary>
    public long ActiveGuideParameters { get; init; }

    /// <summary>What the causal convention leaves out of the attention scores.</summary>
    public long MaskedScoreFlopsPerToken { get; init; }
}
