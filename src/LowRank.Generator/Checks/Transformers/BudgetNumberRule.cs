using System.Globalization;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Every limit of a budget is positive and finite.</summary>
internal sealed class BudgetNumberRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        if (declaration.Budget is not { } budget)
            yield break;
        foreach (var limit in budget.Limits.Where(limit => limit.Value is not > 0))
            yield return Of(declaration, limit.Quantity.ToString(), limit.Written);
        if (budget.DecodeSequences < 1)
            yield return Of(declaration, "DecodeSequences", budget.DecodeSequences.ToString(CultureInfo.InvariantCulture));
    }

    private static Finding Of(TransformerDeclaration declaration, string name, string written) =>
        Finding.Of(CostRules.BudgetNumber, new Target(Attribute: "Budget", Argument: name), name, declaration.Type.Name, written);
}
