using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// A gated unit <c>f(gate(x)) ⊙ up(x)</c> in a recorded pass. Where the layers can be joined and the activation reads halves of rows as
/// well, one product makes gate and up side by side; through factors the input is read once in any case.
/// </summary>
/// <param name="activation">f.</param>
/// <param name="gate">Width to hidden.</param>
/// <param name="up">Width to hidden.</param>
internal sealed class GatedUnit(Activation activation, LinearLayer gate, LinearLayer up) : IDisposable
{
    private readonly LinearStack? stack = LinearStack.Of(gate, up);

    /// <summary>How gate and up compute together; null where they can't.</summary>
    public LinearStack? Stack => stack;

    /// <summary>The forward pass. The rows themselves are not kept: the backward pass has to be given them.</summary>
    /// <param name="rows"><c>[rows, width]</c>.</param>
    /// <param name="tape">Keeps what else the backward pass needs.</param>
    /// <returns>A new <c>[rows, hidden]</c>.</returns>
    public Tensor Record(Tensor rows, Tape tape)
    {
        var operations = FusedOperations.For(rows);
        if (IsJoined(operations))
        {
            var both = stack!.Multiply(rows, tape);
            tape.Keep(both);
            using var gateHalf = Half(both, 0);
            using var upHalf = Half(both, 1);
            return operations.Gate(activation, gateHalf, upHalf);
        }

        var (gates, ups) = Apart(rows, tape);
        tape.Keep(gates);
        tape.Keep(ups);
        return operations.Gate(activation, gates, ups);
    }

    /// <summary>
    /// The backward pass of the activation. The gradients of gate and up are left on the tape; <see cref="BackwardInput"/> has to follow.
    /// </summary>
    /// <param name="gradient">
    /// Gradient of the output, <c>[rows, hidden]</c>. Its memory may be used for the output: don't use it any more.
    /// </param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    /// <returns>The output, formed once more, so that nobody has to keep it. The caller disposes it.</returns>
    public Tensor BackwardActivation(Tensor gradient, Tape tape)
    {
        var operations = FusedOperations.For(gradient);
        if (IsJoined(operations))
        {
            var both = tape.Take();
            tape.Keep(both);
            using var gateHalf = Half(both, 0);
            using var upHalf = Half(both, 1);
            return operations.GateBackward(activation, gateHalf, upHalf, gradient);
        }

        var ups = tape.Take();
        var gates = tape.Take();
        tape.Keep(gates);
        tape.Keep(ups);
        return operations.GateBackward(activation, gates, ups, gradient);
    }

    /// <summary>Adds the gradients of gate's and up's weights and returns that of the rows, new or added to a place.</summary>
    /// <param name="rows">As given to <see cref="Record"/>.</param>
    /// <param name="tape">What <see cref="BackwardActivation"/> has left.</param>
    /// <param name="into"><c>[rows, width]</c>, or null.</param>
    public Tensor BackwardInput(Tensor rows, Tape tape, Tensor? into)
    {
        if (IsJoined(FusedOperations.For(rows)))
        {
            using var both = tape.Take();
            var gradient = stack!.BackwardInput(both, tape, into);
            stack.BackwardWeights(both, rows);
            return gradient;
        }

        var ups = tape.Take();
        using var gates = tape.Take();
        if (stack is FactoredStack { IsFactored: true } factors)
        {
            using var taken = ups;
            var gradient = factors.BackwardInput([gates, ups], tape, into);
            factors.BackwardWeights([gates, ups], rows);
            return gradient;
        }

        Tensor sum;
        using (ups)
        {
            sum = up.BackwardInput(ups, tape, into);
            up.BackwardWeights(ups, rows);
        }

        using var before = sum;
        var inputGradient = gate.BackwardInput(gates, tape, before);
        gate.BackwardWeights(gates, rows);
        return inputGradient;
    }

    /// <inheritdoc/>
    public void Dispose() => stack?.Dispose();

    private static Tensor Half(Tensor both, int index)
    {
        var hidden = both.shape[1] / 2;
        return both.narrow(1, index * hidden, hidden);
    }

    private bool IsJoined(IFusedOperations operations) => stack is { IsOneProduct: true } && operations.ReadsHalves;

    private (Tensor Gates, Tensor Ups) Apart(Tensor rows, Tape tape)
    {
        if (stack is not FactoredStack { IsFactored: true } factors)
            return (gate.Multiply(rows, tape), up.Multiply(rows, tape));
        var gates = ActivationMemory.Empty([rows.shape[0], gate.Outputs], rows.dtype, rows.device);
        var ups = ActivationMemory.EmptyLike(gates);
        factors.Multiply(rows, tape, [gates, ups]);
        return (gates, ups);
    }
}
