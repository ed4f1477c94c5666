using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>
/// An activation between the factors stands alone: what else there is to say about factors assumes that the layer is their product. Numbers
/// of the other options are positive.
/// </summary>
internal sealed class FactorOptionsRule : IRule<LowRankSelection>
{
    public IEnumerable<Finding> Check(LowRankSelection selection)
    {
        var lowRank = selection.LowRank;
        if (lowRank.RebalanceEvery < 1)
            yield return Finding.Of(LowRankRules.RebalanceEvery, lowRank.Origin.At("RebalanceEvery"), lowRank.RebalanceEvery.Value) with
            {
                IsRemovable = true,
            };
        if (lowRank.ProductDecay is { } decay && (!(decay > 0) || double.IsInfinity(decay)))
            yield return Finding.Of(LowRankRules.ProductDecay, lowRank.Origin.At("ProductDecay"), decay) with
            {
                IsRemovable = true,
            };
        if (lowRank.Activation is null)
            yield break;
        foreach (var (argument, option, reason) in Excluded(lowRank))
            yield return Finding.Of(LowRankRules.ActivationExcludes, lowRank.Origin.At(argument), selection.Owner, option, reason) with
            {
                IsRemovable = true,
            };
    }

    private static IEnumerable<(string Argument, string Option, string Reason)> Excluded(LowRankOptions lowRank)
    {
        if (lowRank.Guide is Guide.Mixed or Guide.Sampled)
            yield return ("Guide", $"Guide.{lowRank.Guide}", "a guide and the factors share one effective weight, and U·f(Vx) has none");
        // Without a guide there is nothing to phase out.
        else
        {
            foreach (var argument in lowRank.Written)
                yield return (argument, argument, "there is no guide that it could be about");
        }

        if (lowRank.Initialization == Initialization.Spectral)
            yield return (
                "Initialization",
                "Initialization.Spectral",
                "it approximates a full-size weight by the product UV, which is not what the layer computes"
            );
        if (lowRank.Initialization == Initialization.Pretrained)
            yield return (
                "Initialization",
                "Initialization.Pretrained",
                "a pretrained weight is factored into a product UV, which is not what the layer computes"
            );
        if (lowRank.HasResidual)
            yield return ("Residual", "Residual", "it is a part of the product, folded into U");
        if (lowRank.RebalanceEvery is not null)
            yield return (
                "RebalanceEvery",
                "RebalanceEvery",
                "rebalancing keeps the product UV, and a rotation of Vx changes what f makes of it"
            );
        if (lowRank.ProductDecay is not null)
            yield return ("ProductDecay", "ProductDecay", "UV is not the layer's weight");
    }
}
