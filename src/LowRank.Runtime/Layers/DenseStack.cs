using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>Full-size layers over the same input. They are one product where an optimizer's buffer has their weights together.</summary>
/// <param name="parts">The layers, in the order of their outputs.</param>
internal sealed class DenseStack(Linear[] parts) : LinearStack(parts)
{
    private readonly Linear[] parts = parts;
    private readonly Parameter[] weights = [.. parts.Select(part => part.Weight)];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Matrices => weights;

    /// <inheritdoc/>
    public override bool IsOneProduct => Joined is not null;

    /// <inheritdoc/>
    public override Tensor Multiply(Tensor rows, Tape tape) => LinearLayer.Product(rows, Joined!, Bias(tape), tape);

    /// <inheritdoc/>
    public override Tensor BackwardInput(Tensor gradient, Tape tape, Tensor? into) =>
        LinearLayer.InputGradientOf(gradient, Joined!, tape, into);

    /// <inheritdoc/>
    public override void BackwardWeights(Tensor gradient, Tensor input)
    {
        using var columns = ColumnsOf(gradient);
        foreach (var (part, own) in parts.Zip(columns.Parts))
        {
            if (part.Bias is not null)
                GradientMemory.AddSum(part.Bias, own);
        }

        if (JoinedGradient is { } joined)
        {
            GradientMemory.AddProductTo(joined, gradient, input);
            return;
        }

        foreach (var (part, own) in parts.Zip(columns.Parts))
            GradientMemory.AddProduct(part.Weight, own, input);
    }

    // Few numbers: joined once per optimizer step, they are added within the product.
    private Tensor? Bias(Tape tape) =>
        Array.Find(parts, part => part.Bias is not null)?.Bias is { } any
            ? tape.Formed(any, bias => JoinedBias(bias, tape.ProductType))
            : null;

    private Tensor JoinedBias(Tensor like, ScalarType type)
    {
        var joined = zeros(Outputs, type, like.device);
        var first = 0L;
        foreach (var part in parts)
        {
            using var place = joined.narrow(0, first, part.Outputs);
            if (part.Bias is not null)
                place.copy_(part.Bias);
            first += part.Outputs;
        }

        return joined;
    }
}
