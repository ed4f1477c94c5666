using System.ComponentModel;
using LowRank.Decoding;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// A gated feed-forward sublayer with the norms before and after it, <c>down(f(gate(n)) ⊙ up(n))</c> with <c>n = norm(x)</c> (SwiGLU where
/// f is SiLU: Shazeer, 2020, arXiv:2002.05202).
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GatedFeedForward : FeedForward, ISublayer, IStackedHost
{
    private GatedUnit unit;

    /// <summary>Registers the layers.</summary>
    /// <param name="name">The layer's name in error messages.</param>
    /// <param name="activation">f.</param>
    /// <param name="norm">The norm before the sublayer, or null.</param>
    /// <param name="gate">Width to hidden.</param>
    /// <param name="up">Width to hidden.</param>
    /// <param name="down">Hidden to width.</param>
    /// <param name="postNorm">The norm of the output, before it is added to the stream, or null.</param>
    protected GatedFeedForward(
        string name,
        Activation activation,
        NormLayer? norm,
        LinearLayer gate,
        LinearLayer up,
        LinearLayer down,
        NormLayer? postNorm = null
    )
        : base(name, activation, norm, gate, up, down, postNorm)
    {
        Gate = gate;
        unit = new GatedUnit(activation, gate, up);
    }

    /// <summary>Width to hidden.</summary>
    public LinearLayer Gate { get; private set; }

    /// <inheritdoc/>
    Tensor ISublayer.Record(ResidualStream stream, Tape tape)
    {
        using var input = Norms.Record(stream, tape);
        using var rows = input.reshape(-1, Gate.Inputs);
        using var hidden = unit.Record(rows, tape);
        tape.KeepAlias(rows);
        using var gated = hidden.view([.. input.shape[..^1], Gate.Outputs]);
        return Down.Record(gated, tape, keepsInput: false);
    }

    /// <inheritdoc/>
    void ISublayer.Backward(Tensor upstream, StreamGradient gradient, Tape tape)
    {
        Tensor rows;
        using (var gatedGradient = Down.InputGradient(upstream, tape))
        {
            rows = tape.Take();
            using var hiddenGradient = gatedGradient.view(-1, Gate.Outputs);
            using var hidden = unit.BackwardActivation(hiddenGradient, tape);
            Down.AddWeightGradients(upstream, hidden);
        }

        using var input = rows;
        using var rowGradient = unit.BackwardInput(input, tape, into: null);
        using var inputGradient = rowGradient.view([.. upstream.shape[..^1], Gate.Inputs]);
        Norms.Backward(inputGradient, gradient, tape);
    }

    /// <inheritdoc/>
    void ISublayer.PlanDecoding(DecodingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.FeedForward(Norms.BeforeOrNull, Activation, Gate, Up, Down);
    }

    /// <inheritdoc/>
    LinearStack? IStackedHost.Stack => unit.Stack;

    private protected override void Take(string name, LinearLayer layer)
    {
        if (name == "gate")
            Gate = layer;
        else
            base.Take(name, layer);
        unit.Dispose();
        unit = new GatedUnit(Activation, Gate, Up);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            unit.Dispose();
        base.Dispose(disposing);
    }
}
