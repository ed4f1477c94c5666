namespace LowRank.Training.Weights;

/// <summary>The weights of a mixture of experts.</summary>
/// <param name="Router">A row for each expert.</param>
/// <param name="BalanceBias">What takes part in the choice alone, or null; no weight of any architecture here.</param>
/// <param name="Experts">The experts among which is chosen.</param>
/// <param name="Shared">The layer that every token passes through, or null.</param>
internal sealed record MixtureWeights(
    ModelWeight Router,
    ModelWeight? BalanceBias,
    IReadOnlyList<FeedForwardWeights> Experts,
    FeedForwardWeights? Shared
)
{
    /// <summary>All of them but the bias, which one of two equal models may lack.</summary>
    public IEnumerable<ModelWeight> All => new[] { Router }.Concat(Experts.SelectMany(expert => expert.All)).Concat(Shared?.All ?? []);
}
