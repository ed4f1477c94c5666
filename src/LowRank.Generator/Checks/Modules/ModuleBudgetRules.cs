using System.Globalization;
using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>A budget of a module limits what is known of one, by numbers that can be held against it.</summary>
internal sealed class ModuleBudgetRule : IRule<ModuleDeclaration>
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        if (declaration.Budget is not { } budget)
            yield break;
        foreach (var limit in budget.Limits.Where(limit => limit.Value is not > 0))
        {
            yield return Finding.Of(
                CostRules.BudgetNumber,
                new Target(Attribute: "Budget", Argument: limit.Quantity.ToString()),
                limit.Quantity,
                declaration.Type.Name,
                limit.Written
            );
        }

        foreach (var limit in budget.Limits.Where(limit => ModuleBudget.AmountOf(limit.Quantity, MemberCost.Nothing) is null))
        {
            yield return IdleOption.Of(
                new Target(Attribute: "Budget", Argument: limit.Quantity.ToString()),
                declaration.Type.Name,
                "of a module parameters and forward FLOPs are known, and how it is trained and decoded is not"
            );
        }

        if (budget.DecodeSequences != 1)
        {
            yield return IdleOption.Of(
                new Target(Attribute: "Budget", Argument: "DecodeSequences"),
                declaration.Type.Name,
                "a module is not decoded"
            );
        }

        if (budget.Limits.Count == 0)
            yield return Finding.Of(CostRules.BudgetLimitsNothing, new Target(Attribute: "Budget"), declaration.Type.Name);
    }
}

/// <summary>A module keeps to its budget.</summary>
internal sealed class ModuleBudgetExceededRule : IRule<ModuleDeclaration>
{
    private const int MembersNamed = 3;

    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        if (declaration.Budget is not { } budget || !declaration.HasBuildableParts)
            yield break;
        var costed = CostedModule.Of(declaration);
        foreach (var limit in budget.Limits)
        {
            if (ModuleBudget.AmountOf(limit.Quantity, costed.Total) is not { } amount || amount <= limit.Value)
                continue;
            var members = costed
                .Members.Select(member => (member.Name, Amount: ModuleBudget.AmountOf(limit.Quantity, member)!.Value))
                .OrderByDescending(member => member.Amount)
                .Take(MembersNamed)
                .Select(member => $"{member.Name} ({Number(member.Amount)})")
                .ToList();
            yield return Finding.Of(
                CostRules.BudgetExceeded,
                new Target(Attribute: "Budget", Argument: limit.Quantity.ToString()),
                limit.Quantity,
                declaration.Type.Name,
                Number(amount),
                Number(limit.Value!.Value),
                string.Join(", ", members),
                ""
            );
        }
    }

    private static string Number(decimal value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);
}

/// <summary>What a budget can limit of a module.</summary>
internal static class ModuleBudget
{
    /// <summary>The amount; null where a module has none. FLOPs per token are those per row.</summary>
    public static decimal? AmountOf(BudgetQuantity quantity, MemberCost cost) =>
        quantity switch
        {
            BudgetQuantity.Parameters => cost.Parameters,
            BudgetQuantity.ParametersAtStart => cost.ParametersAtStart,
            BudgetQuantity.ForwardFlopsPerToken => cost.ForwardFlopsPerRow,
            _ => null,
        };
}
