using LowRank.Blocks;
using LowRank.Generator.Model;
using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Training.Variations;

/// <summary>The feed-forward of a composed model.</summary>
internal static class ComposedFeedForward
{
    /// <summary>The layer of one block.</summary>
    public static nn.Module Of(
        FeedForwardOptions feedForward,
        BlockSpan span,
        TransformerModel model,
        ComposedLinears linears,
        ModelOptions options
    )
    {
        var layers = span.Linears.Select(linears.New).ToList();
        var norm = ComposedNorm.Of(model, options);
        return feedForward.Gated
            ? new Gated(feedForward.Activation, norm, layers[0], layers[1], layers[2])
            : new Plain(feedForward.Activation, norm, layers[0], layers[1]);
    }

    private sealed class Plain(Activation activation, NormLayer norm, LinearLayer up, LinearLayer down)
        : FeedForward("FeedForwardLayer", activation, norm, up, down)
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor x)
        {
            using var normalized = Norm.forward(x);
            using var hidden = Up.forward(normalized);
            using var activated = ActivationFormula.Apply(Activation, hidden);
            return Down.forward(activated);
        }
    }

    private sealed class Gated(Activation activation, NormLayer norm, LinearLayer gate, LinearLayer up, LinearLayer down)
        : GatedFeedForward("FeedForwardLayer", activation, norm, gate, up, down)
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor x)
        {
            using var normalized = Norm.forward(x);
            using var gate = Gate.forward(normalized);
            using var activated = ActivationFormula.Apply(Activation, gate);
            using var up = Up.forward(normalized);
            using var gated = activated.mul(up);
            return Down.forward(gated);
        }
    }
}
