namespace LowRank.Generator.Costs;

/// <summary>Sums over all blocks, of a sublayer or of the whole model.</summary>
internal sealed record CostTotals(
    long Parameters,
    long GuideParameters,
    long ForwardFlopsPerToken,
    long ScoreFlopsPerToken,
    long GuidedForwardFlopsPerToken,
    long ProjectionFlopsPerStep)
{
    public long ParametersAtStart => checked(Parameters + GuideParameters);

    /// <summary>With half the attention scores. A score term is a multiple of 4, so the half is exact.</summary>
    public long ForwardFlopsPerTokenCausal => ForwardFlopsPerToken - ScoreFlopsPerToken / 2;

    /// <summary>The guided phase with half the attention scores.</summary>
    public long GuidedForwardFlopsPerTokenCausal => GuidedForwardFlopsPerToken - ScoreFlopsPerToken / 2;

    public static CostTotals Of(IEnumerable<PartCost> parts) => parts.Aggregate(
        new CostTotals(0, 0, 0, 0, 0, 0),
        (sum, part) => checked(new(
            sum.Parameters + part.Count * part.Parameters,
            sum.GuideParameters + part.Count * part.GuideParameters,
            sum.ForwardFlopsPerToken + part.Count * part.ForwardFlopsPerToken,
            sum.ScoreFlopsPerToken + part.Count * part.ScoreFlopsPerToken,
            sum.GuidedForwardFlopsPerToken + part.Count * part.GuidedForwardFlopsPerToken,
            sum.ProjectionFlopsPerStep + part.Count * part.ProjectionFlopsPerStep)));
}
