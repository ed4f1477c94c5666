using System.ComponentModel;
using LowRank.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// A full-size linear layer with adapters: <c>y = Wx + b + (α/r)·B A drop(x)</c> (Hu et al., 2021). A fused product of several roles has
/// an adapter for each role that is adapted, over its own outputs. Weight and bias keep the names they have in <see cref="Linear"/>.
/// </summary>
/// <remarks>Inputs are dropped in recorded passes alone, by <see cref="Tape.Dropout"/>; <c>forward</c> drops nothing.</remarks>
public sealed class LoraLinear : LinearLayer
{
    private readonly LoraAdapter[] adapters;

    /// <summary>Takes the weight and bias of a layer over and stands adapters beside them.</summary>
    /// <param name="linear">The layer; it is not to be used any more.</param>
    /// <param name="options">Device and type of the parameters.</param>
    /// <param name="parts">The adapters.</param>
    /// <exception cref="ArgumentException">There is no adapter, or two share outputs.</exception>
    public LoraLinear(Linear linear, ModelOptions options, params LoraPart[] parts)
        : base(nameof(LoraLinear), (linear ?? throw new ArgumentNullException(nameof(linear))).Inputs, linear.Outputs)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
            throw new ArgumentException("There must be at least one adapter.", nameof(parts));
        var end = 0L;
        foreach (var part in parts.OrderBy(part => part.FirstOutput))
        {
            if (part.FirstOutput < end || part.FirstOutput + part.Outputs > linear.Outputs)
                throw new ArgumentException($"The outputs of '{part.RegisteredName}' are not its own, or not there.", nameof(parts));
            end = part.FirstOutput + part.Outputs;
        }

        Weight = linear.Weight;
        Bias = linear.Bias;
        register_parameter("weight", Weight);
        if (Bias is not null)
            register_parameter("bias", Bias);
        adapters = [.. parts.Select(part => new LoraAdapter(linear.Inputs, part, options))];
        foreach (var adapter in adapters)
            register_module(adapter.Part.RegisteredName, adapter);
    }

    /// <summary>W: <c>[outputs, inputs]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>b: <c>[outputs]</c>, or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>The adapters.</summary>
    public IReadOnlyList<LoraAdapter> Adapters => adapters;

    /// <summary>Whether the adapters are added to the weight, so that the layer costs what the dense one does.</summary>
    public bool IsMerged { get; private set; }

    /// <inheritdoc/>
    internal override long ForwardFlopsPerToken =>
        2 * Weight.NumberOfElements + (IsMerged ? 0 : adapters.Sum(adapter => adapter.ForwardFlopsPerToken));

    /// <inheritdoc/>
    internal override long BackwardFlopsPerToken =>
        (Weight.requires_grad ? 4 : 2) * Weight.NumberOfElements
        + (IsMerged ? 0 : adapters.Sum(adapter => 2 * adapter.ForwardFlopsPerToken));

    /// <summary>The layer with adapters, or the plain one where the model is built without them.</summary>
    /// <param name="linear">The plain layer.</param>
    /// <param name="options">How the model is built.</param>
    /// <param name="parts">The adapters.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static LinearLayer Over(Linear linear, ModelOptions options, params LoraPart[] parts)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Adapters ? new LoraLinear(linear, options, parts) : linear;
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var output = Product(input, Weight, Bias);
        if (IsMerged)
            return output;
        foreach (var adapter in adapters)
        {
            using var added = adapter.forward(input);
            using var place = output.narrow(-1, adapter.Part.FirstOutput, adapter.Part.Outputs);
            place.AddInPlace(added);
        }

        return output;
    }

    /// <summary>Adds <c>(α/r)·BA</c> to the weight, summed in double precision and rounded once. A merged layer is not trained.</summary>
    public void Merge() => Add(1, merged: true);

    /// <summary>
    /// Takes <c>(α/r)·BA</c> out of the weight again: the inverse of <see cref="Merge"/> up to the rounding of the weight's type.
    /// </summary>
    public void Unmerge() => Add(-1, merged: false);

    /// <summary>Takes note that the weight, which was loaded, has the adapters in it.</summary>
    internal void TakeAsMerged() => IsMerged = true;

    /// <summary>The weight with the adapters in it, whether they are merged or not, rounded once. The caller disposes it.</summary>
    internal Tensor MergedWeight()
    {
        using var noGradient = no_grad();
        if (IsMerged)
        {
            using var weight = Weight.detach();
            return weight.clone();
        }

        using var sum = Weight.to(ScalarType.Float64, copy: true);
        AddAdapters(sum, 1);
        return sum.to(Weight.dtype, copy: true);
    }

    internal override Tensor Multiply(Tensor rows, Tape tape)
    {
        CheckUnmerged(tape);
        var output = Product(rows, Weight, Bias, tape);
        foreach (var adapter in IsMerged ? [] : adapters)
            adapter.AddTo(output, rows, tape);
        return output;
    }

    internal override void MultiplyInto(Tensor rows, Tape tape, Tensor place)
    {
        CheckUnmerged(tape);
        ProductInto(rows, Weight, Bias, tape, place);
        foreach (var adapter in IsMerged ? [] : adapters)
            adapter.AddTo(place, rows, tape);
    }

    internal override Tensor BackwardInput(Tensor gradient, Tape tape, Tensor? into)
    {
        var inputGradient = InputGradientOf(gradient, Weight, tape, into);
        // Backwards, since the last adapter's leavings lie on top of the tape.
        foreach (var adapter in adapters.Reverse())
            adapter.Backward(gradient, tape, inputGradient);
        return inputGradient;
    }

    internal override void BackwardWeights(Tensor gradient, Tensor input)
    {
        GradientMemory.AddProduct(Weight, gradient, input);
        if (Bias is not null)
            GradientMemory.AddSum(Bias, gradient);
        foreach (var adapter in adapters)
            adapter.BackwardWeights(input);
    }

    private void Add(double sign, bool merged)
    {
        if (IsMerged == merged)
            return;
        using var noGradient = no_grad();
        using (var sum = Weight.to(ScalarType.Float64, copy: true))
        {
            AddAdapters(sum, sign);
            Weight.copy_(sum);
        }

        IsMerged = merged;
    }

    private void AddAdapters(Tensor sum, double sign)
    {
        foreach (var adapter in adapters)
        {
            using var rows = sum.narrow(0, adapter.Part.FirstOutput, adapter.Part.Outputs);
            using var product = adapter.Weight();
            rows.AddInPlace(product, sign);
        }
    }

    private void CheckUnmerged(Tape tape)
    {
        if (IsMerged && !tape.IsForwardOnly)
            throw new InvalidOperationException("The adapters are merged into the weight; unmerge them before training.");
    }
}
