using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A budget has a limit.</summary>
internal sealed class BudgetLimitsNothingRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        if (declaration.Budget is { Limits.Count: 0 })
            yield return Finding.Of(CostRules.BudgetLimitsNothing, new Target(Attribute: "Budget"), declaration.Type.Name);
    }
}
