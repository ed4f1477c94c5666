namespace LowRank.Generator.Model;

/// <summary>What a module consists of, whether it is declared here or a part of another.</summary>
/// <param name="Members">Its layers and parts, in the order of declaration.</param>
/// <param name="LowRank"><c>[LowRank]</c> on the class, if any.</param>
internal sealed record ModuleBody(EquatableArray<ModuleMember> Members, LowRankOptions? LowRank)
{
    /// <summary><c>[LoRA]</c> on the class, if any.</summary>
    public LoraOptions? Lora { get; init; }

    /// <summary>Every <c>[LoRA]</c> in the body itself, parts left to themselves.</summary>
    public IEnumerable<LoraOptions> Loras => Members.Select(member => member.Lora).Append(Lora).Where(options => options is not null)!;

    /// <summary>Whether a linear layer of it, or of a part, has an adapter.</summary>
    public bool HasAdapters =>
        Members.Any(member => member.Kind == MemberKind.Linear ? LinearOf(member).Lora is not null : member.Part is { HasAdapters: true });

    /// <summary>What the class declares of itself that the compiler cannot see.</summary>
    public OwnCosts Own { get; init; } = OwnCosts.None;

    /// <summary>Every <c>[LowRank]</c> and <c>[LoRA]</c> on the class or a property beyond the first there.</summary>
    public EquatableArray<Target> RepeatedLowRanks { get; init; }

    /// <summary>The linear layers with the low rank in force.</summary>
    public IEnumerable<(ModuleMember Member, LinearModel Linear)> Linears =>
        Members.Where(member => member.Kind == MemberKind.Linear).Select(member => (member, LinearOf(member)));

    /// <summary>Every <c>[LowRank]</c> in the body itself, parts left to themselves.</summary>
    public IEnumerable<LowRankOptions> LowRanks =>
        Members.Select(member => member.LowRank).Append(LowRank).Where(options => options is not null)!;

    /// <summary>The nearest declaration wins.</summary>
    public LinearModel LinearOf(ModuleMember member) =>
        new(
            member.Name,
            member.Inputs,
            member.Outputs,
            member.HasBias,
            member.IsDense ? null : member.LowRank ?? LowRank,
            member.Lora ?? Lora
        );
}
