namespace LowRank.Generator.Model;

/// <summary>
/// A declared transformer as its attributes state it, nothing inferred and nothing checked. The cached unit of the transformers' pipeline.
/// </summary>
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
) : IDeclaration
{
    public string Attribute => "Transformer";

    public IEnumerable<PropertyShape> Properties => Sublayers.Select(sublayer => sublayer.Property);

    /// <summary><c>[Budget]</c>, if any.</summary>
    public BudgetOptions? Budget { get; init; }

    /// <summary><c>[RotaryScaling]</c> on the class, if any.</summary>
    public RotaryScalingOptions? RotaryScaling { get; init; }

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

    public string? NeedForMember(string name) => ReservedNames.ForMember(name, Names, HasDenseBaseline);

    // Held against those before it alone, so that one of a pair is named and not both; but a later sublayer's layer class may be named
    // like an earlier property, too.
    public string? NeedForProperty(int index)
    {
        var name = Sublayers[index].Property.Name;
        var others = Names.Take(index).Concat(Names.Skip(index + 1).Where(other => Identifiers.LayerClass(other) == name));
        return ReservedNames.ForSublayer(name, Sublayers[index].Property.IsInherited, others, HasDenseBaseline);
    }

    public string? NeedForName(string name) => ReservedNames.ForSublayer(name, false, Names, HasDenseBaseline);

    private IEnumerable<string> Names => Sublayers.Select(sublayer => sublayer.Property.Name);
}
