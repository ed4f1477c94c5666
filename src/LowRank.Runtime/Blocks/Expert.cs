using System.ComponentModel;
using LowRank.Decoding;
using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// One expert of a mixture: a feed-forward layer without a norm of its own, plain <c>down(f(up(x)))</c> or gated
/// <c>down(f(gate(x)) ⊙ up(x))</c>, over the rows that were sent to it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Expert : Layer, ILinearHost, IStackedHost
{
    private readonly Activation activation;
    private GatedUnit? unit;

    /// <summary>Registers the layers.</summary>
    /// <param name="activation">f.</param>
    /// <param name="gate">Width to hidden; null for a plain one.</param>
    /// <param name="up">Width to hidden.</param>
    /// <param name="down">Hidden to width.</param>
    public Expert(Activation activation, LinearLayer? gate, LinearLayer up, LinearLayer down)
        : base(nameof(Expert))
    {
        (this.activation, Gate, Up, Down) = (activation, gate, up, down);
        if (gate is not null)
            register_module("gate", gate);
        register_module("up", up);
        register_module("down", down);
        unit = MakeUnit();
    }

    /// <summary>Width to hidden; null for a plain one.</summary>
    public LinearLayer? Gate { get; private set; }

    /// <summary>Width to hidden.</summary>
    public LinearLayer Up { get; private set; }

    /// <summary>Hidden to width.</summary>
    public LinearLayer Down { get; private set; }

    /// <inheritdoc/>
    LinearStack? IStackedHost.Stack => unit?.Stack;

    private IEnumerable<LinearLayer> Linears => Gate is null ? [Up, Down] : [Gate, Up, Down];

    /// <summary>Forward FLOPs per row, as the layers compute now.</summary>
    internal long ForwardFlopsPerRow => Linears.Sum(linear => linear.ForwardFlopsPerToken);

    /// <summary>FLOPs of the backward pass per row, as the layers compute now.</summary>
    internal long BackwardFlopsPerRow => Linears.Sum(linear => linear.BackwardFlopsPerToken);

    /// <summary>Builds experts, one after the other.</summary>
    /// <param name="count">Number of them.</param>
    /// <param name="build">Builds one.</param>
    public static IReadOnlyList<Expert> Several(int count, Func<Expert> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        var experts = new Expert[count];
        for (var index = 0; index < count; index++)
            experts[index] = build();
        return experts;
    }

    /// <summary>The expert in tensor operations, which autograd differentiates.</summary>
    /// <param name="input"><c>[…, width]</c>.</param>
    public override Tensor forward(Tensor input)
    {
        if (Gate is null)
        {
            using var hidden = Up.forward(input);
            using var output = ActivationFormula.Apply(activation, hidden);
            return Down.forward(output);
        }

        using var gate = Gate.forward(input);
        using var activated = ActivationFormula.Apply(activation, gate);
        using var up = Up.forward(input);
        using var gated = activated.mul(up);
        return Down.forward(gated);
    }

    /// <inheritdoc/>
    void ILinearHost.Replace(string name, LinearLayer layer)
    {
        switch (name)
        {
            case "gate" when Gate is not null:
                Gate = layer;
                break;
            case "up":
                Up = layer;
                break;
            case "down":
                Down = layer;
                break;
            default:
                throw new ArgumentException($"There is no linear layer '{name}'.", nameof(name));
        }

        register_module(name, null!);
        register_module(name, layer);
        unit?.Dispose();
        unit = MakeUnit();
    }

    /// <summary>The forward pass of training. The rows themselves are not kept: <see cref="Backward"/> has to be given them.</summary>
    /// <param name="rows"><c>[rows, width]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <param name="place">Where the output goes, <c>[rows, width]</c>.</param>
    internal void Record(Tensor rows, Tape tape, Tensor place)
    {
        ArgumentNullException.ThrowIfNull(tape);
        if (unit is null)
        {
            using var hidden = Up.Multiply(rows, tape);
            using var activated = HiddenActivation.Record(activation, hidden, tape);
            Down.MultiplyInto(activated, tape, place);
            tape.KeepAlias(activated);
            return;
        }

        using var gated = unit.Record(rows, tape);
        Down.MultiplyInto(gated, tape, place);
    }

    /// <summary>The backward pass: adds the gradients of the weights.</summary>
    /// <param name="upstream">Gradient of the output, <c>[rows, width]</c>.</param>
    /// <param name="rows">As given to <see cref="Record"/>.</param>
    /// <param name="tape">What that has left.</param>
    /// <param name="into">Where the gradient of the rows is added, <c>[rows, width]</c>.</param>
    internal void Backward(Tensor upstream, Tensor rows, Tape tape, Tensor into)
    {
        ArgumentNullException.ThrowIfNull(tape);
        if (unit is null)
        {
            Tensor hiddenGradient;
            using (var activatedGradient = Down.Backward(upstream, tape))
                hiddenGradient = HiddenActivation.Backward(activation, activatedGradient, tape);
            using (hiddenGradient)
            {
                Up.BackwardInput(hiddenGradient, tape, into).Dispose();
                Up.BackwardWeights(hiddenGradient, rows);
            }

            return;
        }

        using (var gatedGradient = Down.BackwardInput(upstream, tape, into: null))
        using (var gated = unit.BackwardActivation(gatedGradient, tape))
            Down.BackwardWeights(upstream, gated);
        unit.BackwardInput(rows, tape, into).Dispose();
    }

    /// <summary>States how a row is read while tokens are generated.</summary>
    /// <param name="plan">Takes the layers up.</param>
    internal void PlanDecoding(DecodingPlan plan) => plan.Expert(activation, Gate, Up, Down);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            unit?.Dispose();
        base.Dispose(disposing);
    }

    private GatedUnit? MakeUnit() => Gate is null ? null : new GatedUnit(activation, Gate, Up);
}
