namespace LowRank.Generator.Model;

/// <summary>A declared module as its attributes state it, nothing checked. The cached unit of the modules' pipeline.</summary>
/// <param name="Type">The class.</param>
/// <param name="Body">Its layers and parts.</param>
/// <param name="IsTransformer">Whether it carries <c>[Transformer]</c> too.</param>
/// <param name="IsIncomplete">Whether an attribute does not compile; the compiler has said so.</param>
internal sealed record ModuleDeclaration(TypeShape Type, ModuleBody Body, bool IsTransformer, bool IsIncomplete) : IDeclaration
{
    public string Attribute => "Module";

    /// <summary><c>[LanguageModel]</c>, if any.</summary>
    public LanguageModelOptions? LanguageModel { get; init; }

    /// <summary><c>[Budget]</c>, if any.</summary>
    public BudgetOptions? Budget { get; init; }

    public IEnumerable<PropertyShape> Properties => Body.Members.Select(member => member.Property);

    /// <summary>Whether every part has a constructor. One whose own class is unsound has none; what is wrong is said there.</summary>
    public bool HasBuildableParts => Body.Members.All(member => member.Kind != MemberKind.Part || member.IsBuildable);

    /// <summary>Every <c>[LowRank]</c> in the class, parts left to themselves, with what it selects.</summary>
    public IEnumerable<LowRankSelection> Selections =>
        Body.LowRanks.Select(lowRank => new LowRankSelection(
            lowRank,
            Type.Name,
            Body.Linears.Where(pair => lowRank.Equals(pair.Linear.LowRank) && pair.Linear is { Inputs: > 0, Outputs: > 0 })
                .Select(pair => (pair.Linear.Name, pair.Linear))
        ));

    public string? NeedForMember(string name) => ModuleNames.ForMember(name);

    public string? NeedForProperty(int index) =>
        ModuleNames.ForLayer(
            Body.Members[index].Name,
            Body.Members[index].Property.IsInherited,
            Body.Members.Take(index).Select(member => member.Name)
        );

    public string? NeedForName(string name) => ModuleNames.ForLayer(name, false, Body.Members.Select(member => member.Name));
}
