namespace LowRank.Generator.Model;

/// <summary>One property of a module, as declared and not yet checked.</summary>
/// <param name="Property">The property.</param>
/// <param name="Kinds">The attributes that declare it; one where it is right.</param>
/// <param name="Inputs">Inputs of a linear, rows of an embedding, width of a norm.</param>
/// <param name="Outputs">Outputs of a linear, width of an embedding.</param>
/// <param name="Count">The written count, or null for a single layer.</param>
/// <param name="HasBias">Whether a linear or LayerNorm adds a bias.</param>
/// <param name="Epsilon">The norm's ε.</param>
/// <param name="ElementType">The layer's type, fully qualified.</param>
/// <param name="IsList">Whether the property is a list of them.</param>
/// <param name="LowRank"><c>[LowRank]</c> on the property, if any.</param>
/// <param name="IsDense">Whether <c>[Dense]</c> stands on it.</param>
/// <param name="Part">What a part consists of; null where its type is no module.</param>
/// <param name="Cycle">How the part leads round to the module, or to a part that is met twice; null where it doesn't.</param>
/// <param name="IsBuildable">Whether the part's own part can be generated, so that it has a constructor.</param>
internal sealed record ModuleMember(
    PropertyShape Property,
    EquatableArray<string> Kinds,
    int Inputs,
    int Outputs,
    int? Count,
    bool HasBias,
    double Epsilon,
    string ElementType,
    bool IsList,
    LowRankOptions? LowRank,
    bool IsDense,
    ModuleBody? Part,
    string? Cycle,
    bool IsBuildable
)
{
    public const string LinearType = "global::LowRank.Layers.LinearLayer";
    public const string EmbeddingType = "global::LowRank.Layers.Embedding";
    public const string RmsNormType = "global::LowRank.Layers.RmsNorm";
    public const string LayerNormType = "global::LowRank.Layers.LayerNorm";

    /// <summary><c>[LoRA]</c> on the property, if any.</summary>
    public LoraOptions? Lora { get; init; }

    /// <summary>The arguments of <c>[Part]</c> that are written and mean nothing within a module.</summary>
    public EquatableArray<string> IdleArguments { get; init; } = EquatableArray<string>.Empty;

    public string Name => Property.Name;

    public MemberKind? Kind => Kinds.Count == 1 ? (MemberKind)Enum.Parse(typeof(MemberKind), Kinds[0]) : null;

    /// <summary>Parameters of a norm: its gain, and a LayerNorm's bias.</summary>
    public long NormParameters => ElementType == LayerNormType && HasBias ? 2L * Inputs : Inputs;

    /// <summary>Parameters of an embedding or a norm; a linear layer's depend on its rank, a part's are its body's.</summary>
    /// <exception cref="OverflowException">They are too many.</exception>
    public long TableParameters =>
        Kind switch
        {
            MemberKind.Embedding => checked((long)Inputs * Outputs),
            MemberKind.Normalization => NormParameters,
            _ => 0,
        };

    /// <summary>Number of layers that the property holds.</summary>
    public int Copies => Count ?? 1;

    public Target Target => new(Name);

    public Target AttributeTarget => new(Name, Kinds.Count > 0 ? Kinds[0] : null);
}
