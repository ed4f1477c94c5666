using LowRank.Kernels;
using LowRank.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Decoding;

/// <summary>
/// The weights as a decoder reads them: merged where the rule says so, cast where the model computes in bfloat16. It owns what it
/// makes; the model's parameters stay as they are.
/// </summary>
internal sealed class PreparedWeights : IDisposable
{
    private readonly List<LowRankLinear> merged = [];
    private readonly List<Tensor> made = [];
    private readonly ScalarType type;

    /// <summary>Merges the layers that are to be merged.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">The form.</param>
    /// <param name="sequences">How many sequences are decoded together.</param>
    public PreparedWeights(IDecodable model, DecodingWeights weights, int sequences)
    {
        type = model.Options.EffectiveComputeType;
        foreach (var linear in model.FactoredLinears)
        {
            if (!IsToMerge(linear, weights, sequences))
                continue;
            linear.Merge();
            merged.Add(linear);
        }
    }

    /// <summary>Number of layers that are merged.</summary>
    public int MergedLayers => merged.Count;

    /// <summary>Whether a layer is read as one matrix that the decoder has made.</summary>
    public bool IsMerged(LowRankLinear linear) => merged.Contains(linear);

    /// <summary>A matrix in the type in which the model computes.</summary>
    public WeightMatrix Matrix(Tensor weight, Tensor? bias) => new(In(type, weight), bias is null ? null : In(ScalarType.Float32, bias));

    /// <summary>
    /// The full-size weight that a layer amounts to, formed where it has factors; null where it is none, or has adapters.
    /// </summary>
    public Tensor? Product(LinearLayer layer)
    {
        switch (layer)
        {
            case Linear linear:
                return linear.Weight;
            case LowRankLinear { EffectiveWeight: { } effective }:
                return effective;
            case LowRankLinear { MergedWeight: { } product } merged when IsMerged(merged):
                return product;
            case LowRankLinear { Factors.Activation: null } factored:
                using (no_grad())
                using (var u = factored.FoldedU())
                {
                    var formed = u.mm(factored.V).DetachFromDisposeScope();
                    made.Add(formed);
                    return formed;
                }

            default:
                return null;
        }
    }

    /// <summary>A product's rows of each head, <c>[size, inputs]</c>, with their bias.</summary>
    /// <param name="product">What <see cref="Product"/> returned, <c>[heads·size, inputs]</c>.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="heads">Number of heads.</param>
    public IEnumerable<WeightMatrix> Heads(Tensor product, LinearLayer layer, int heads)
    {
        var matrix = Matrix(product, (layer as Linear)?.Bias ?? (layer as LowRankLinear)?.Bias);
        return ByHeads(matrix, heads);
    }

    /// <summary>The same the other way round and without the bias, <c>[inputs, size]</c> of each head.</summary>
    /// <param name="product">What <see cref="Product"/> returned, <c>[heads·size, inputs]</c>.</param>
    /// <param name="heads">Number of heads.</param>
    public IEnumerable<WeightMatrix> HeadsTransposed(Tensor product, int heads)
    {
        using var noGradient = no_grad();
        using var byHeads = product.view(heads, -1, product.shape[1]);
        using var transposed = byHeads.transpose(1, 2);
        using var flat = transposed.reshape(heads * product.shape[1], -1);
        // Of heads with one element each the reshaped tensor is the product itself.
        var copy = flat.to(type, copy: true).DetachFromDisposeScope();
        made.Add(copy);
        return ByHeads(Matrix(copy, null), heads);
    }

    private WeightMatrix[] ByHeads(WeightMatrix matrix, int heads)
    {
        var (size, elementSize) = (matrix.Outputs / heads, (int)type.ElementSize());
        var matrices = new WeightMatrix[heads];
        for (var head = 0; head < heads; head++)
            matrices[head] = matrix.Rows(head * size, size, elementSize);
        return matrices;
    }

    /// <summary>U with its bias, as the layer computes with it.</summary>
    public WeightMatrix SecondFactor(LowRankLinear linear)
    {
        if (!linear.Factors.Residual)
            return Matrix(linear.U, linear.Bias);
        using var noGradient = no_grad();
        var folded = linear.FoldedU().DetachFromDisposeScope();
        made.Add(folded);
        return Matrix(folded, linear.Bias);
    }

    /// <summary>The address of a parameter in 32-bit floats.</summary>
    public unsafe float* Floats(Tensor parameter) => (float*)TensorMemory.Address(In(ScalarType.Float32, parameter));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var linear in merged)
            linear.Unmerge();
        foreach (var tensor in made)
            tensor.Dispose();
        merged.Clear();
        made.Clear();
    }

    private static bool IsToMerge(LowRankLinear linear, DecodingWeights weights, int sequences) =>
        !linear.UsesEffectiveWeight
        && linear.Factors.Activation is null
        && weights switch
        {
            DecodingWeights.Factored => false,
            DecodingWeights.Merged => true,
            _ => !DecodingRule.PrefersFactors(linear.Inputs, linear.Outputs, linear.Rank, sequences),
        };

    private Tensor In(ScalarType wanted, Tensor tensor)
    {
        if (tensor.dtype == wanted && tensor.is_contiguous())
            return tensor;
        using var noGradient = no_grad();
        using var cast = tensor.to(wanted);
        var copy = cast.contiguous().DetachFromDisposeScope();
        made.Add(copy);
        return copy;
    }
}
