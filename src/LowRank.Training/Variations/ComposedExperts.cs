using LowRank.Blocks;
using LowRank.Generator.Model;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Training.Variations;

/// <summary>The mixture of experts of a composed model.</summary>
internal static class ComposedExperts
{
    /// <summary>The layer of one block.</summary>
    public static nn.Module Of(
        FeedForwardOptions feedForward,
        ExpertOptions experts,
        BlockSpan span,
        TransformerModel model,
        ComposedLinears linears,
        ModelOptions options
    )
    {
        var routed = Expert.Several(experts.Count, () => One(isShared: false));
        var shared = experts.Shared is null ? null : One(isShared: true);
        var (norm, postNorm) = (ComposedNorm.Before(model, options), ComposedNorm.After(model, options));
        return new Mixture(norm, RoutingOf(experts), routed, shared, options, postNorm);

        Expert One(bool isShared)
        {
            var layers = span
                .Linears.Where(linear => linear.Name.StartsWith(LinearModel.SharedPrefix, StringComparison.Ordinal) == isShared)
                .Select(linears.New)
                .ToList();
            return feedForward.Gated
                ? new Expert(feedForward.Activation, layers[0], layers[1], layers[2])
                : new Expert(feedForward.Activation, gate: null, layers[0], layers[1]);
        }
    }

    private static RoutingOptions RoutingOf(ExpertOptions experts) =>
        new()
        {
            Active = experts.Active,
            Score = experts.Router,
            NormalizeWeights = experts.Normalizes,
            WeightScale = experts.WeightScale,
            BalanceWeight = experts.Balancing == Balance.Loss ? experts.BalanceWeight : 0,
            BiasStep = experts.Balancing == Balance.Bias ? experts.BiasStep : 0,
        };

    private sealed class Mixture(
        NormLayer? norm,
        RoutingOptions routing,
        IReadOnlyList<Expert> experts,
        Expert? shared,
        ModelOptions options,
        NormLayer? postNorm
    ) : ExpertFeedForward("FeedForwardLayer", norm, routing, experts, shared, options, postNorm)
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor x)
        {
            using var input = Norms.Read(x);
            var routed = Route(input);
            if (SharedExpert is null)
                return Norms.Apply(routed);
            using (routed)
            using (var output = SharedExpert.forward(input))
                return Norms.Apply(ResidualPath.Sum(routed, output));
        }
    }
}
