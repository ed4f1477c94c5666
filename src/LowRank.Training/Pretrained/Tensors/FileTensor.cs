using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>A tensor of a Hugging Face checkpoint and the weights of the model that it is made of, one below the other.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Parts">The weights: several where the checkpoint fuses what is apart here.</param>
/// <param name="Transposed">Whether the file holds it inputs first, as GPT-2's linear layers are.</param>
/// <param name="Shift">How much larger the weights are than what the file holds, as Gemma's gains are, which it holds less 1.</param>
internal sealed record FileTensor(string Name, IReadOnlyList<ModelWeight> Parts, bool Transposed = false, double Shift = 0)
{
    private const string WeightSuffix = ".weight";

    public FileTensor(string name, ModelWeight part)
        : this(name, [part]) { }

    /// <summary>In which order its rows lie in the file; null for the order of the weights.</summary>
    public Lazy<RowOrder>? Order { get; init; }

    /// <summary>What it is multiplied by when it is read. It is written as it is then.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The weight of a linear layer or norm, and its bias where all parts have one.</summary>
    /// <param name="name">The layer's name in the file.</param>
    /// <param name="parts">The layers: several where the checkpoint fuses what is apart here.</param>
    /// <param name="order">In which order rows lie in the file, or null.</param>
    public static IEnumerable<FileTensor> OfLinear(string name, IReadOnlyList<LinearWeights> parts, Lazy<RowOrder>? order = null)
    {
        yield return new(name + WeightSuffix, [.. parts.Select(part => part.Weight)]) { Order = order };
        if (parts.All(part => part.Bias is not null))
            yield return new($"{name}.bias", [.. parts.Select(part => part.Bias!)]) { Order = order };
    }

    /// <summary>Its shape in the file.</summary>
    public long[] Shape
    {
        get
        {
            long[] shape = [Parts.Sum(part => part.Shape[0]), .. Parts[0].Shape.Skip(1)];
            return Transposed ? [shape[1], shape[0]] : shape;
        }
    }

    /// <summary>The factored layer that it is the weight of, where it is one and nothing else.</summary>
    public FactorsWeight? Factors => Parts is [FactorsWeight factors] ? factors : null;

    /// <summary>Whether a factored layer is among its parts.</summary>
    public bool IsFactored => Parts.Any(part => part is FactorsWeight);

    /// <summary>The name of U where the factors are kept.</summary>
    public string NameOfU => FactorName("u");

    /// <summary>The name of V where the factors are kept.</summary>
    public string NameOfV => FactorName("v");

    private string FactorName(string factor) =>
        (Name.EndsWith(WeightSuffix, StringComparison.Ordinal) ? Name[..^WeightSuffix.Length] : Name) + "." + factor;
}
