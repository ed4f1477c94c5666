using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>
/// What a module costs as a language model, per token: its own numbers per row, and the head where it is no layer of its own.
/// </summary>
internal sealed record LanguageModuleCosts(
    LanguageModelOptions Options,
    PartOptions Whole,
    MemberCost Total,
    EquatableArray<MemberCost> Members
)
{
    /// <summary>The costs; null for a module that is no language model.</summary>
    public static LanguageModuleCosts? Of(CostedModule costed) =>
        costed.Declaration.LanguageModel is { } options
            ? new(
                options,
                new(null, costed.Declaration.Type.Name, costed.Declaration.Body, null, IsRecurrent: false),
                costed.Total,
                costed.Members
            )
            : null;

    /// <summary>Whether no linear layer has the head's shape, so that the head is the embedding.</summary>
    public bool IsTied => !Whole.Linears.Any(linear => linear.Inputs == Options.Width && linear.Outputs == Options.Vocabulary);

    /// <summary>FLOPs of a tied head, which no layer's row counts.</summary>
    public long HeadFlops => IsTied ? checked(2L * Options.Vocabulary * Options.Width) : 0;

    public long ForwardFlopsPerToken => checked(Total.ForwardFlopsPerRow + HeadFlops);

    /// <summary>The guides by declaration: FLOPs beyond the factors' per token, FLOPs of the projection per step.</summary>
    public IEnumerable<GuideTotals> Guides =>
        Whole
            .Linears.Where(linear => linear.LowRank is { HasGuide: true })
            .GroupBy(linear => linear.LowRank!)
            .Select(group =>
                group
                    .Select(LinearCost.Of)
                    .Aggregate(
                        new GuideTotals(group.Key, 0, 0, 0, 0),
                        (sum, cost) =>
                            checked(
                                new(
                                    group.Key,
                                    sum.Linears + 1,
                                    sum.Parameters + cost.GuideParameters,
                                    sum.ExtraForwardFlopsPerToken + cost.GuidedForwardFlopsPerToken - cost.ForwardFlopsPerToken,
                                    sum.ProjectionFlopsPerStep + cost.ProjectionFlopsPerStep
                                )
                            )
                    )
            );
}
