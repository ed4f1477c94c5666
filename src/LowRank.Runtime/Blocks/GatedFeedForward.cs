using System.ComponentModel;
using LowRank.Decoding;
using LowRank.Kernels;
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
    private FactoredStack? branches;

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
        branches = MakeStack();
    }

    /// <summary>Width to hidden.</summary>
    public LinearLayer Gate { get; private set; }

    /// <inheritdoc/>
    Tensor ISublayer.Record(ResidualStream stream, Tape tape)
    {
        using var input = Norms.Record(stream, tape);
        var (gate, up) = RecordBranches(input, tape);
        using (gate)
        using (up)
        using (var gated = HiddenActivation.RecordGated(Activation, gate, up, tape))
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

        using var inputGradient = BranchesBackward(gateGradient, upGradient, tape);
        Norms.Backward(inputGradient, gradient, tape);
    }

    /// <inheritdoc/>
    void ISublayer.PlanDecoding(DecodingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.FeedForward(Norms.BeforeOrNull, Activation, Gate, Up, Down);
    }

    /// <inheritdoc/>
    FactoredStack? IStackedHost.Stack => branches;

    private protected override void Take(string name, LinearLayer layer)
    {
        if (name == "gate")
            Gate = layer;
        else
            base.Take(name, layer);
        branches?.Dispose();
        branches = MakeStack();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            branches?.Dispose();
        base.Dispose(disposing);
    }

    // Through factors the input is read once for both.
    private (Tensor Gate, Tensor Up) RecordBranches(Tensor normalized, Tape tape)
    {
        if (branches?.IsFactored != true)
            return (Gate.Record(normalized, tape), Up.Record(normalized, tape));
        using var rows = normalized.reshape(-1, Gate.Inputs);
        using var gate = ActivationMemory.Empty([rows.shape[0], Gate.Outputs], rows.dtype, rows.device);
        using var up = ActivationMemory.EmptyLike(gate);
        branches.Multiply(rows, tape, [gate, up]);
        tape.KeepAlias(rows);
        long[] shape = [.. normalized.shape[..^1], Gate.Outputs];
        return (gate.view(shape), up.view(shape));
    }

    // Takes the gradients over. Returns that of the input.
    private Tensor BranchesBackward(Tensor gateGradient, Tensor upGradient, Tape tape)
    {
        using var gate = gateGradient;
        if (branches?.IsFactored != true)
        {
            Tensor inputGradient;
            using (upGradient)
                inputGradient = Up.Backward(upGradient, tape);
            using (Gate.Backward(gate, tape, into: inputGradient))
                return inputGradient;
        }

        using var up = upGradient;
        using var input = tape.Take();
        using var gateRows = gate.view(-1, Gate.Outputs);
        using var upRows = up.view(-1, Up.Outputs);
        using var rows = branches.BackwardInput([gateRows, upRows], tape, into: null);
        branches.BackwardWeights([gateRows, upRows], input);
        return rows.view([.. gate.shape[..^1], Gate.Inputs]);
    }

    private FactoredStack? MakeStack() => Gate is LowRankLinear gate && Up is LowRankLinear up ? new FactoredStack([gate, up]) : null;
}
