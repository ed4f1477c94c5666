using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>A full-size linear layer: <c>y = Wx + b</c>, <c>[…, inputs]</c> to <c>[…, outputs]</c>.</summary>
public sealed class Linear : LinearLayer
{
    /// <summary>Allocates the layer; <see cref="InitialWeights"/> draws its weights.</summary>
    /// <param name="inputs">Size of the last dimension of the input.</param>
    /// <param name="outputs">Size of the last dimension of the output.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="options">Device and type of the parameters.</param>
    public Linear(long inputs, long outputs, bool bias, ModelOptions options)
        : base(nameof(Linear), inputs, outputs)
    {
        ArgumentNullException.ThrowIfNull(options);
        Weight = new Parameter(zeros(outputs, inputs, dtype: options.DataType, device: options.Device));
        register_parameter("weight", Weight);
        if (bias)
        {
            Bias = new Parameter(zeros(outputs, dtype: options.DataType, device: options.Device));
            register_parameter("bias", Bias);
        }
    }

    /// <summary>W: <c>[outputs, inputs]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>b: <c>[outputs]</c>, or null.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    internal override long ForwardFlopsPerToken => 2 * Weight.NumberOfElements;

    /// <inheritdoc/>
    internal override long BackwardFlopsPerToken => (Weight.requires_grad ? 4 : 2) * Weight.NumberOfElements;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Product(input, Weight, Bias);

    internal override Tensor Multiply(Tensor rows, Tape tape) => Product(rows, Weight, Bias, tape);

    internal override void MultiplyInto(Tensor rows, Tape tape, Tensor place) => ProductInto(rows, Weight, Bias, tape, place);

    internal override Tensor BackwardInput(Tensor gradient, Tape tape, Tensor? into) => InputGradientOf(gradient, Weight, tape, into);

    internal override void BackwardWeights(Tensor gradient, Tensor input)
    {
        GradientMemory.AddProduct(Weight, gradient, input);
        if (Bias is not null)
            GradientMemory.AddSum(Bias, gradient);
    }
}
