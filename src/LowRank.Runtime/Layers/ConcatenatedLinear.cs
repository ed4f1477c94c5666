using System.ComponentModel;
using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Several linear layers over the same input, their outputs side by side: <c>[…, inputs]</c> to <c>[…, Σ outputs]</c>. Stands where a
/// dense model has one fused product and some of its parts are factored. A recorded pass reads the input once where all parts are in the
/// same form: through the first factors one under the other, or through effective weights one under the other.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ConcatenatedLinear : LinearLayer, ILinearHost, IStackedHost
{
    private readonly LinearLayer[] parts;
    private readonly string[] names;
    private FactoredStack? stack;

    /// <summary>Joins layers.</summary>
    /// <param name="parts">Name and layer of each part, in the order of their outputs.</param>
    /// <exception cref="ArgumentException">There is no part, or the parts take inputs of different sizes.</exception>
    public ConcatenatedLinear(params (string Name, LinearLayer Layer)[] parts)
        : base(nameof(ConcatenatedLinear), Validate(parts), parts.Sum(part => part.Layer.Outputs))
    {
        this.parts = [.. parts.Select(part => part.Layer)];
        names = [.. parts.Select(part => part.Name)];
        foreach (var (name, layer) in parts)
            register_module(name, layer);
        stack = MakeStack();
    }

    /// <summary>The parts, in the order of their outputs.</summary>
    internal IReadOnlyList<LinearLayer> Parts => parts;

    /// <inheritdoc/>
    LinearStack? IStackedHost.Stack => stack;

    /// <inheritdoc/>
    internal override long ForwardFlopsPerToken => parts.Sum(part => part.ForwardFlopsPerToken);

    /// <inheritdoc/>
    internal override long BackwardFlopsPerToken => parts.Sum(part => part.BackwardFlopsPerToken);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var outputs = new Tensor[parts.Length];
        for (var index = 0; index < parts.Length; index++)
            outputs[index] = parts[index].forward(input);
        var joined = cat(outputs, -1);
        foreach (var output in outputs)
            output.Dispose();
        return joined;
    }

    /// <inheritdoc/>
    void ILinearHost.Replace(string name, LinearLayer layer)
    {
        var index = Array.IndexOf(names, name);
        if (index < 0)
            throw new ArgumentException($"There is no part '{name}'.", nameof(name));
        register_module(name, null!);
        register_module(name, layer);
        parts[index] = layer;
        stack?.Dispose();
        stack = MakeStack();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stack?.Dispose();
        base.Dispose(disposing);
    }

    internal override Tensor Multiply(Tensor rows, Tape tape)
    {
        var output = ActivationMemory.Empty([rows.shape[0], Outputs], rows.dtype, rows.device);
        MultiplyInto(rows, tape, output);
        return output;
    }

    internal override void MultiplyInto(Tensor rows, Tape tape, Tensor place)
    {
        if (stack?.IsOneProduct == true)
        {
            stack.Multiply(rows, tape, place);
            return;
        }

        var offset = 0L;
        foreach (var part in parts)
        {
            using var columns = place.narrow(1, offset, part.Outputs);
            part.MultiplyInto(rows, tape, columns);
            offset += part.Outputs;
        }
    }

    internal override Tensor BackwardInput(Tensor gradient, Tape tape, Tensor? into)
    {
        if (stack?.IsOneProduct == true)
            return stack.BackwardInput(gradient, tape, into);
        // Backwards, since the last part's leavings lie on top of the tape.
        var sum = into?.alias();
        var end = Outputs;
        foreach (var part in parts.Reverse())
        {
            end -= part.Outputs;
            using var columns = gradient.narrow(1, end, part.Outputs);
            using var before = sum;
            sum = part.BackwardInput(columns, tape, before);
        }

        return sum!;
    }

    internal override void BackwardWeights(Tensor gradient, Tensor input)
    {
        if (stack?.IsOneProduct == true)
        {
            stack.BackwardWeights(gradient, input);
            return;
        }

        var offset = 0L;
        foreach (var part in parts)
        {
            using var columns = gradient.narrow(1, offset, part.Outputs);
            part.BackwardWeights(columns, input);
            offset += part.Outputs;
        }
    }

    private FactoredStack? MakeStack() =>
        parts.Length > 1 && Array.TrueForAll(parts, part => part is LowRankLinear)
            ? new FactoredStack([.. parts.Cast<LowRankLinear>()])
            : null;

    private static long Validate((string Name, LinearLayer Layer)[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
            throw new ArgumentException("There must be at least one part.", nameof(parts));
        var inputs = parts[0].Layer.Inputs;
        if (Array.Find(parts, part => part.Layer.Inputs != inputs) is { Layer: not null } other)
            throw new ArgumentException(
                $"{parts[0].Name} takes {inputs} inputs and {other.Name} takes {other.Layer.Inputs}.",
                nameof(parts)
            );
        return inputs;
    }
}
