using System.ComponentModel;
using LowRank.Decoding;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// A feed-forward sublayer with the norm before it, <c>down(f(up(norm(x))))</c>: <c>[batch, sequence, width]</c> to the same shape.
/// Generated feed-forward layers derive from it and write down their forward pass.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class FeedForward : Layer, ISublayer, ILinearHost
{
    /// <summary>Registers the layers.</summary>
    /// <param name="name">The layer's name in error messages.</param>
    /// <param name="activation">f.</param>
    /// <param name="norm">The norm before the sublayer.</param>
    /// <param name="up">Width to hidden.</param>
    /// <param name="down">Hidden to width.</param>
    protected FeedForward(string name, Activation activation, NormLayer norm, LinearLayer up, LinearLayer down)
        : this(name, activation, norm, gate: null, up, down) { }

    private protected FeedForward(string name, Activation activation, NormLayer norm, LinearLayer? gate, LinearLayer up, LinearLayer down)
        : base(name)
    {
        (Activation, Norm, Up, Down) = (activation, norm, up, down);
        register_module("norm", norm);
        if (gate is not null)
            register_module("gate", gate);
        register_module("up", up);
        register_module("down", down);
    }

    /// <summary>The non-linearity of the hidden layer, or of its gate.</summary>
    internal Activation Activation { get; }

    /// <summary>The norm before the sublayer.</summary>
    public NormLayer Norm { get; }

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
        using var normalized = Norm.Record(stream, tape);
        using var hidden = Up.Record(normalized, tape);
        using var activated = HiddenActivation.Record(Activation, hidden, tape);
        return Down.Record(activated, tape);
    }

    /// <inheritdoc/>
    void ISublayer.Backward(Tensor upstream, StreamGradient gradient, Tape tape)
    {
        Tensor hiddenGradient;
        using (var activatedGradient = Down.Backward(upstream, tape))
            hiddenGradient = HiddenActivation.Backward(Activation, activatedGradient, tape);
        using var normalizedGradient = Up.Backward(hiddenGradient, tape);
        hiddenGradient.Dispose();
        gradient.AddThrough(Norm, normalizedGradient, tape);
    }

    /// <inheritdoc/>
    void ISublayer.PlanDecoding(DecodingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.FeedForward(Norm, Activation, gate: null, Up, Down);
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
