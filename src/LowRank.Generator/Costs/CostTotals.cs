namespace LowRank.Generator.Costs;

/// <summary>Sums over all blocks, of a sublayer or of the whole model.</summary>
internal sealed record CostTotals(
    long Parameters,
    long GuideParameters,
    long ForwardFlopsPerToken,
    long ScoreFlopsPerToken,
    long GuidedForwardFlopsPerToken,
    long ProjectionFlopsPerStep
)
{
    public long ParametersAtStart => checked(Parameters + GuideParameters);

    /// <summary>Parameters that a token passes through, guides left out.</summary>
    public long ActiveParameters { get; init; }

    /// <summary>Parameters of the guides that a token passes through.</summary>
    public long ActiveGuideParameters { get; init; }

    public long ActiveParametersAtStart => checked(ActiveParameters + ActiveGuideParameters);

    /// <summary>What the causal convention leaves out of the attention scores.</summary>
    public long MaskedScoreFlopsPerToken { get; init; }

    /// <summary>Without the attention scores that a causal mask hides.</summary>
    public long ForwardFlopsPerTokenCausal => ForwardFlopsPerToken - MaskedScoreFlopsPerToken;

    /// <summary>The guided phase without the attention scores that a causal mask hides.</summary>
    public long GuidedForwardFlopsPerTokenCausal => GuidedForwardFlopsPerToken - MaskedScoreFlopsPerToken;

    public static CostTotals Of(IEnumerable<PartCost> parts) =>
        parts.Aggregate(
            new CostTotals(0, 0, 0, 0, 0, 0),
            (sum, part) =>
                checked(
                    new(
                        sum.Parameters + part.Count * part.Parameters,
                        sum.GuideParameters + part.Count * part.GuideParameters,
                        sum.ForwardFlopsPerToken + part.Count * part.ForwardFlopsPerToken,
                        sum.ScoreFlopsPerToken + part.Count * part.ScoreFlopsPerToken,
                        sum.GuidedForwardFlopsPerToken + part.Count * part.GuidedForwardFlopsPerToken,
                        sum.ProjectionFlopsPerStep + part.Count * part.ProjectionFlopsPerStep
                    )
                    {
                        MaskedScoreFlopsPerToken = sum.MaskedScoreFlopsPerToken + part.Count * part.MaskedScoreFlopsPerToken,
                        ActiveParameters = sum.ActiveParameters + part.Count * part.ActiveParameters,
                        ActiveGuideParameters = sum.ActiveGuideParameters + part.Count * part.ActiveGuideParameters,
                    }
                )
        );
}
