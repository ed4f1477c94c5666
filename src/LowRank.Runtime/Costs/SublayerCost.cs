using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>
/// What one sublayer costs in one of the blocks that it covers. FLOPs are per token at the declared context, counted forward, with
/// a multiply-add as 2 (paper convention).
/// </summary>
/// <param name="Name">The property's name, or <c>Embedding</c>, <c>FinalNorm</c>, <c>Head</c>.</param>
/// <param name="Kind">
/// What it is: <c>embedding</c>, <c>attention</c>, <c>feed-forward</c>, <c>module</c>, <c>norm</c> or <c>head</c>.
/// </param>
/// <param name="FirstBlock">First block covered, counted from 0; 0 for what stands outside the blocks.</param>
/// <param name="Count">Number of blocks covered; 1 for what stands outside the blocks.</param>
/// <param name="Rank">Rank of its factored linears, the largest where they differ; 0 when dense.</param>
/// <param name="Parameters">Parameters per block without the guide, the sublayer's own norm included.</param>
/// <param name="GuideParameters">Parameters of the guides per block, while they exist.</param>
/// <param name="ForwardFlopsPerToken">Forward FLOPs per token and block once the guide is gone, attention scores included.</param>
/// <param name="ScoreFlopsPerToken">The attention-score share of it, <c>4·min(S, window)·a</c>.</param>
/// <param name="GuidedForwardFlopsPerToken">Forward FLOPs per token and block through the effective weight.</param>
/// <param name="ProjectionFlopsPerStep">FLOPs per optimizer step and block for forming effective weights and projecting gradients, Σ
/// 6·r·m·n.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record SublayerCost(
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
    private readonly long? active;
    private readonly long? activeGuides;

    /// <summary>Distance from one covered block to the next: 1 where they follow each other, 2 where every second is covered.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>
    /// Parameters per block that a token passes through, guides left out: all of them, but of the experts of a mixture the active ones.
    /// </summary>
    public long ActiveParameters
    {
        get => active ?? Parameters;
        init => active = value;
    }

    /// <summary>Parameters of the guides per block that a token passes through, while they exist.</summary>
    public long ActiveGuideParameters
    {
        get => activeGuides ?? GuideParameters;
        init => activeGuides = value;
    }

    /// <summary>Its weights; empty where the accounting was written by hand without them.</summary>
    public IReadOnlyList<WeightShape> Weights { get; init; } = [];

    /// <summary>
    /// What it keeps from forward to backward; where blocks run again in the backward pass (<see cref="ModelCost.RecomputesBlocks"/>),
    /// while they do. Null where the accounting was written by hand without it.
    /// </summary>
    public ActivationCost? Activations { get; init; }

    /// <summary>What a module leaves undeclared, so that it is not counted, in words; empty where all is known.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Whether it is a sublayer of blocks, and not what stands once outside of them.</summary>
    internal bool IsInBlocks => Kind is "attention" or "feed-forward" or "module";

    /// <summary>The blocks covered.</summary>
    public IEnumerable<int> Blocks => Enumerable.Range(0, Count).Select(index => FirstBlock + index * Stride);
}
