using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A budget has a limit.</summary>
internal sealed class BudgetLimitsNothingRule : IRule
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model)
    {
        if (declaration.Budget is { Limits.Count: 0 })
            yield return Finding.Of(CostRules.BudgetLimitsNothing, new Target(Attribute: "Budget"), declaration.Type.Name);
    }
}
