using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// A linear map <c>[…, inputs]</c> to <c>[…, outputs]</c>, in whatever form its weight is held. <c>forward</c> is differentiated by
/// autograd; <see cref="Record"/> and <see cref="Backward"/> are the same map differentiated by hand, with the weights' gradients added
/// where they are kept.
/// </summary>
public abstract class LinearLayer : Layer
{
    private protected LinearLayer(string name, long inputs, long outputs)
        : base(name) => (Inputs, Outputs) = (inputs, outputs);

    /// <summary>Size of the last dimension of the input.</summary>
    public long Inputs { get; }

    /// <summary>Size of the last dimension of the output.</summary>
    public long Outputs { get; }

    /// <summary>
    /// Forward FLOPs per token of the products that a call to forward makes now, from the live tensors' shapes; a multiply-add
    /// counts 2, a bias nothing.
    /// </summary>
    internal abstract long ForwardFlopsPerToken { get; }

    /// <summary>
    /// FLOPs per token of the products that the backward pass makes now: the gradient of the input, and those of the weights that are not
    /// frozen.
    /// </summary>
    internal abstract long BackwardFlopsPerToken { get; }

    /// <summary>The map in a recorded pass.</summary>
    /// <param name="x"><c>[…, inputs]</c>, in the type of the products.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <param name="keepsInput">Whether it keeps x; otherwise <see cref="AddWeightGradients"/> has to be given it.</param>
    /// <returns><c>[…, outputs]</c>.</returns>
    internal Tensor Record(Tensor x, Tape tape, bool keepsInput = true)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(tape);
        using var rows = x.reshape(-1, Inputs);
        using var output = Multiply(rows, tape);
        if (keepsInput)
            tape.KeepAlias(rows);
        return output.view([.. x.shape[..^1], Outputs]);
    }

    /// <summary>The backward pass: adds the gradients of the weights and returns that of the input.</summary>
    /// <param name="gradient"><c>[…, outputs]</c>, in the type of the products.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    /// <param name="into">Where the input's gradient is added, <c>[…, inputs]</c>; null for a new tensor.</param>
    /// <returns>The gradient of the input: a new tensor, or another name of <paramref name="into"/>. The caller disposes it.</returns>
    internal Tensor Backward(Tensor gradient, Tape tape, Tensor? into = null)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tape);
        using var rows = gradient.reshape(-1, Outputs);
        using var input = tape.Take();
        using var place = into?.view(-1, Inputs);
        using var inputGradient = BackwardInput(rows, tape, place);
        BackwardWeights(rows, input);
        return inputGradient.view([.. gradient.shape[..^1], Inputs]);
    }

    /// <summary>
    /// The first half of the backward pass where the input was not kept: its gradient, <c>[…, inputs]</c>.
    /// <see cref="AddWeightGradients"/> has to follow.
    /// </summary>
    /// <param name="gradient"><c>[…, outputs]</c>.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    internal Tensor InputGradient(Tensor gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tape);
        using var rows = gradient.reshape(-1, Outputs);
        using var inputGradient = BackwardInput(rows, tape, into: null);
        return inputGradient.view([.. gradient.shape[..^1], Inputs]);
    }

    /// <summary>The second half of the backward pass where the input was not kept.</summary>
    /// <param name="gradient"><c>[…, outputs]</c>, as given to <see cref="InputGradient"/>.</param>
    /// <param name="x">The input, <c>[…, inputs]</c>.</param>
    internal void AddWeightGradients(Tensor gradient, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(x);
        using var rows = gradient.reshape(-1, Outputs);
        using var input = x.reshape(-1, Inputs);
        BackwardWeights(rows, input);
    }

    /// <summary><c>xWᵀ + b</c>: <c>[rows, inputs]</c> to a new <c>[rows, outputs]</c>.</summary>
    internal abstract Tensor Multiply(Tensor rows, Tape tape);

    /// <summary>The same, written to a place whose rows may stand apart.</summary>
    internal abstract void MultiplyInto(Tensor rows, Tape tape, Tensor place);

    /// <summary>The gradient of the rows' input, new or added to a place, of which another name is returned.</summary>
    internal abstract Tensor BackwardInput(Tensor gradient, Tape tape, Tensor? into);

    /// <summary>Adds the gradients of the weights; follows <see cref="BackwardInput"/>.</summary>
    internal abstract void BackwardWeights(Tensor gradient, Tensor input);

    /// <summary>
    /// <c>xWᵀ + b</c> in the type of x: parameters of another type are cast within the graph, so that their gradients come back in
    /// their own type.
    /// </summary>
    /// <param name="x"><c>[…, inputs]</c>.</param>
    /// <param name="weight"><c>[outputs, inputs]</c>.</param>
    /// <param name="bias"><c>[outputs]</c>, or null.</param>
    private protected static Tensor Product(Tensor x, Tensor weight, Tensor? bias)
    {
        if (x.dtype == weight.dtype)
            return nn.functional.linear(x, weight, bias);
        using var castWeight = weight.to(x.dtype);
        using var castBias = bias?.to(x.dtype);
        return nn.functional.linear(x, castWeight, castBias);
    }

    /// <summary><c>xWᵀ + b</c> with the tape's casts of the weights.</summary>
    internal static Tensor Product(Tensor rows, Tensor weight, Tensor? bias, Tape tape) =>
        FusedOperations.For(rows).Linear(rows, tape.Weight(weight, rows.dtype), bias is null ? null : tape.Weight(bias, rows.dtype));

    /// <summary><c>xWᵀ + b</c> into a place.</summary>
    internal static void ProductInto(Tensor rows, Tensor weight, Tensor? bias, Tape tape, Tensor place)
    {
        using var transposed = tape.Weight(weight, rows.dtype).t();
        place.addmm_(rows, transposed, 0, 1);
        if (bias is not null)
            place.AddInPlace(tape.Weight(bias, rows.dtype));
    }

    /// <summary><c>∂·W</c>, new or added to a place.</summary>
    internal static Tensor InputGradientOf(Tensor gradient, Tensor weight, Tape tape, Tensor? into)
    {
        var cast = tape.Weight(weight, gradient.dtype);
        if (into is null)
            return ActivationMemory
                .Empty([gradient.shape[0], weight.shape[1]], gradient.dtype, gradient.device)
                .addmm_(gradient, cast, 0, 1);
        into.addmm_(gradient, cast, 1, 1);
        return into.alias();
    }
}
