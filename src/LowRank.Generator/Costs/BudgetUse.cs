using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>One limit of a budget and what the model has of it.</summary>
internal sealed record BudgetUse(BudgetLimit Limit, decimal Amount)
{
    public bool IsExceeded => Amount > Limit.Value;

    /// <summary>Every limit that can be held against the model.</summary>
    public static IEnumerable<BudgetUse> Of(BudgetOptions? budget, ModelCosts costs) =>
        from limit in budget?.Limits ?? EquatableArray<BudgetLimit>.Empty
        let amount = BudgetMeasure.Of(limit.Quantity, costs, budget!.DecodeSequences)
        where amount is not null && limit.Value is not null
        select new BudgetUse(limit, amount.Value);
}
