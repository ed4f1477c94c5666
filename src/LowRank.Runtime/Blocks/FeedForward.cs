using System.ComponentModel;
using LowRank.Decoding;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// A feed-forward sublayer with the norms before and after it, <c>down(f(up(norm(x))))</c>: <c>[batch, sequence, width]</c> to the same
/// shape.
/// Generated feed-forward layers derive from it and write down their forward pass.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class FeedForward : Layer, ISublayer, ILinearHost
{
    private readonly SublayerNorms norms;

    /// <summary>Registers the layers.</summary>
    /// <param name="name">The layer's name in error messages.</param>
    /// <param name="activation">f.</param>
    /// <param name="norm">The norm before the sublayer, or null.</param>
    /// <param name="up">Width to hidden.</param>
    /// <param name="down">Hidden to width.</param>
    /// <param name="postNorm">The norm of the output, before it is added to the stream, or null.</param>
    protected FeedForward(string name, Activation activation, NormLayer? norm, LinearLayer up, LinearLayer down, NormLayer? postNorm = null)
        : this(name, activation, norm, gate: null, up, down, postNorm) { }

    private protected FeedForward(
        string name,
        Activation activation,
        NormLayer? norm,
        LinearLayer? gate,
        LinearLayer up,
        LinearLayer down,
        NormLayer? postNorm
    )
        : base(name)
    {
        (Activation, norms, Up, Down) = (activation, new(norm, postNorm), up, down);
        if (norm is not null)
            register_module("norm", norm);
        if (gate is not null)
            register_module("gate", gate);
        register_module("up", up);
        register_module("down", down);
        if (postNorm is not null)
            register_module("post_norm", postNorm);
    }

    /// <summary>The non-linearity of the hidden layer, or of its gate.</summary>
    internal Activation Activation { get; }

    /// <summary>The norm before the sublayer.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public NormLayer Norm => norms.Before;

    /// <summary>The norm of the output, before it is added to the stream.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public NormLayer PostNorm => norms.After;

    /// <inheritdoc/>
    NormLayer? ISublayer.PostNorm => norms.AfterOrNull;

    /// <summary>The norms before and after.</summary>
    private protected SublayerNorms Norms => norms;

    /// <summary>The stream in the type of the products, for a sublayer without a norm before it.</summary>
    /// <param name="x"><c>[batch, sequence, width]</c>.</param>
    protected Tensor InProductType(Tensor x) => norms.InProductType(x);

    /// <summary>Width to hidden.</summary>
    public LinearLayer Up { get; private set; }

    /// <summary>Hidden to width.</summary>
    public LinearLayer Down { get; private set; }

    /// <inheritdoc/>
    void ILinearHost.Replace(string name, LinearLayer layer)
    {
        Take(name, layer);
        register_module(name, null!);
        register_module(name, layer);
    }

    /// <inheritdoc/>
    Tensor ISublayer.Record(ResidualStream stream, Tape tape)
    {
        using var input = norms.Record(stream, tape);
        using var hidden = Up.Record(input, tape);
        using var activated = HiddenActivation.Record(Activation, hidden, tape);
        return Down.Record(activated, tape);
    }

    /// <inheritdoc/>
    void ISublayer.Backward(Tensor upstream, StreamGradient gradient, Tape tape)
    {
        Tensor hiddenGradient;
        using (var activatedGradient = Down.Backward(upstream, tape))
            hiddenGradient = HiddenActivation.Backward(Activation, activatedGradient, tape);
        using var inputGradient = Up.Backward(hiddenGradient, tape);
        hiddenGradient.Dispose();
        norms.Backward(inputGradient, gradient, tape);
    }

    /// <inheritdoc/>
    void ISublayer.PlanDecoding(DecodingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.FeedForward(norms.BeforeOrNull, Activation, gate: null, Up, Down);
    }

    /// <summary>Takes up the layer that stands under a name now.</summary>
    private protected virtual void Take(string name, LinearLayer layer)
    {
        switch (name)
        {
            case "up":
                Up = layer;
                break;
            case "down":
                Down = layer;
                break;
            default:
                throw new ArgumentException($"There is no linear layer '{name}'.", nameof(name));
        }
    }
}
