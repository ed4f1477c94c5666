using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>
/// An adapter in a module has numbers in range, a full-size linear layer to adapt, and no option that a module has no use for.
/// </summary>
internal sealed class ModuleLoraRule : IRule<ModuleDeclaration>
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration) =>
        declaration.Body.Loras.SelectMany(lora =>
        {
            var owner = lora.Origin.OwnerOf(declaration.Type.Name);
            var selected = declaration
                .Body.Linears.Where(pair => lora.Equals(pair.Linear.Lora) && pair.Linear is { Inputs: > 0, Outputs: > 0 })
                .Select(pair => (pair.Linear.Name, pair.Linear))
                .ToList();
            return LoraNumbers.Check(lora, owner, selected).Concat(Selection(lora, owner, selected, declaration)).Concat(Idle(lora, owner));
        });

    private static IEnumerable<Finding> Selection(
        LoraOptions lora,
        string owner,
        List<(string Name, LinearModel Linear)> selected,
        ModuleDeclaration declaration
    )
    {
        if (selected.Find(pair => pair.Linear.LowRank is not null) is { Linear: { } factored })
            yield return Finding.Of(
                LoraRules.LoraAndLowRank,
                lora.Origin,
                owner,
                factored.Name,
                "",
                factored.Rank,
                "leave one of them out there"
            );
        // What is of no kind, or has no sizes, is another rule's.
        if (selected.Count > 0 || declaration.Body.Members.Any(member => member.Lora == lora && member.Kinds.Count == 0))
            yield break;
        if (lora.Origin.Property is not null && !declaration.Body.Linears.Any(pair => pair.Member.Lora == lora))
            yield return Finding.Of(LoraRules.SelectsNothing, lora.Origin, owner, "the property does not carry [Linear]");
        else if (lora.Origin.Property is null)
        {
            yield return Finding.Of(
                LoraRules.SelectsNothing,
                lora.Origin,
                owner,
                "the class has no [Linear] that carries no [LoRA] of its own"
            );
        }
    }

    private static IEnumerable<Finding> Idle(LoraOptions lora, string owner)
    {
        if (lora.Layers != "..")
            yield return IdleOption.Of(lora.Origin.At("Layers"), owner, "a module has no blocks over which they could range");
        if (lora.Projections != Projections.All)
            yield return IdleOption.Of(lora.Origin.At("Projections"), owner, "a module's layers have no roles");
        if (lora.Dropout is > 0 and < 1)
            yield return IdleOption.Of(lora.Origin.At("Dropout"), owner, "the forward of a module is its own, and drops nothing by itself");
    }
}
