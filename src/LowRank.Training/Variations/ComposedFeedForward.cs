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
        var (norm, postNorm) = (ComposedNorm.Before(model, options), ComposedNorm.After(model, options));
        return feedForward.Gated
            ? new Gated(feedForward.Activation, norm, layers[0], layers[1], layers[2], postNorm)
            : new Plain(feedForward.Activation, norm, layers[0], layers[1], postNorm);
    }

    private sealed class Plain(Activation activation, NormLayer? norm, LinearLayer up, LinearLayer down, NormLayer? postNorm)
        : FeedForward("FeedForwardLayer", activation, norm, up, down, postNorm)
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor x)
        {
            using var input = Norms.Read(x);
            using var hidden = Up.forward(input);
            using var activated = ActivationFormula.Apply(Activation, hidden);
            return Norms.Apply(Down.forward(activated));
        }
    }

    private sealed class Gated(
        Activation activation,
        NormLayer? norm,
        LinearLayer gate,
        LinearLayer up,
        LinearLayer down,
        NormLayer? postNorm
    ) : GatedFeedForward("FeedForwardLayer", activation, norm, gate, up, down, postNorm)
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor x)
        {
            using var input = Norms.Read(x);
            using var gate = Gate.forward(input);
            using var activated = ActivationFormula.Apply(Activation, gate);
            using var up = Up.forward(input);
            using var gated = activated.mul(up);
            return Norms.Apply(Down.forward(gated));
        }
    }
}
