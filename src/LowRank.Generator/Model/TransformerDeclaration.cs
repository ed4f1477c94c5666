namespace LowRank.Generator.Model;

/// <summary>A declared model as its attributes state it, nothing inferred and nothing checked. The cached unit of the pipeline.</summary>
/// <param name="Type">The class.</param>
/// <param name="Transformer">What <c>[Transformer]</c> says.</param>
/// <param name="Sublayers">The sublayers in order.</param>
/// <param name="ClassLowRanks">Every <c>[LowRank]</c> on the class.</param>
/// <param name="Run"><c>[TrainingRun]</c>, if any.</param>
/// <param name="HasDenseBaseline">Whether <c>[DenseBaseline]</c> stands on the class.</param>
/// <param name="IsIncomplete">Whether an attribute does not compile; the compiler has said so, and nothing can be concluded.</param>
internal sealed record TransformerDeclaration(
    TypeShape Type,
    TransformerOptions Transformer,
    EquatableArray<SublayerDeclaration> Sublayers,
    EquatableArray<LowRankOptions> ClassLowRanks,
    TrainingRunOptions? Run,
    bool HasDenseBaseline,
    bool IsIncomplete
)
{
    /// <summary><c>[Budget]</c>, if any.</summary>
    public BudgetOptions? Budget { get; init; }

    /// <summary>Every <c>[LowRank]</c> on the assembly.</summary>
    public EquatableArray<LowRankOptions> AssemblyLowRanks { get; init; }

    /// <summary>Every <c>[LoRA]</c> on the class.</summary>
    public EquatableArray<LoraOptions> ClassLoras { get; init; } = EquatableArray<LoraOptions>.Empty;

    /// <summary>Every <c>[LoRA]</c> on the assembly.</summary>
    public EquatableArray<LoraOptions> AssemblyLoras { get; init; } = EquatableArray<LoraOptions>.Empty;

    /// <summary>Every <c>[LoRA]</c> that the model is subject to, the nearest first.</summary>
    public IEnumerable<LoraOptions> Loras => Sublayers.SelectMany(sublayer => sublayer.Loras).Concat(ClassLoras).Concat(AssemblyLoras);

    /// <summary>Every <c>[LowRank]</c> that the model is subject to, the nearest first.</summary>
    public IEnumerable<LowRankOptions> LowRanks =>
        Sublayers.SelectMany(sublayer => sublayer.LowRanks).Concat(ClassLowRanks).Concat(AssemblyLowRanks);
}
