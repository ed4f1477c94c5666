using System.ComponentModel;
using LowRank.Decoding;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// A gated feed-forward sublayer with the norm before it, <c>down(f(gate(n)) ⊙ up(n))</c> with <c>n = norm(x)</c> (SwiGLU where f is
/// SiLU: Shazeer, 2020, arXiv:2002.05202).
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GatedFeedForward : FeedForward, ISublayer
{
    /// <summary>Registers the layers.</summary>
    /// <param name="name">The layer's name in error messages.</param>
    /// <param name="activation">f.</param>
    /// <param name="norm">The norm before the sublayer.</param>
    /// <param name="gate">Width to hidden.</param>
    /// <param name="up">Width to hidden.</param>
    /// <param name="down">Hidden to width.</param>
    protected GatedFeedForward(string name, Activation activation, NormLayer norm, LinearLayer gate, LinearLayer up, LinearLayer down)
        : base(name, activation, norm, gate, up, down) => Gate = gate;

    /// <summary>Width to hidden.</summary>
    public LinearLayer Gate { get; private set; }

    /// <inheritdoc/>
    Tensor ISublayer.Record(ResidualStream stream, Tape tape)
    {
        using var normalized = Norm.Record(stream, tape);
        using var gate = Gate.Record(normalized, tape);
        using var up = Up.Record(normalized, tape);
        using var gated = HiddenActivation.RecordGated(Activation, gate, up, tape);
        return Down.Record(gated, tape, keepsInput: false);
    }

    /// <inheritdoc/>
    void ISublayer.Backward(Tensor upstream, StreamGradient gradient, Tape tape)
    {
        Tensor gateGradient,
            upGradient;
        using (var gatedGradient = Down.InputGradient(upstream, tape))
        {
            (gateGradient, upGradient, var gated) = HiddenActivation.BackwardGated(Activation, gatedGradient, tape);
            using (gated)
                Down.AddWeightGradients(upstream, gated);
        }

        using var normalizedGradient = Up.Backward(upGradient, tape);
        upGradient.Dispose();
        using (gateGradient)
        using (Gate.Backward(gateGradient, tape, into: normalizedGradient))
        {
            gradient.AddThrough(Norm, normalizedGradient, tape);
        }
    }

    /// <inheritdoc/>
    void ISublayer.PlanDecoding(DecodingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.FeedForward(Norm, Activation, Gate, Up, Down);
    }

    private protected override void Take(string name, LinearLayer layer)
    {
        if (name == "gate")
            Gate = layer;
        else
            base.Take(name, layer);
    }
}
