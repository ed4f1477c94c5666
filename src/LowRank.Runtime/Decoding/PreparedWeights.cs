using LowRank.Kernels;
using LowRank.Layers;
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
