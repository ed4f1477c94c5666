using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A budget has a limit.</summary>
internal sealed class BudgetLimitsNothingRule : IRule
{
    public IEnumerable<Finding> Check(ModelDeclaration declaration, TransformerModel model)
    {
        if (declaration.Budget is { Limits.Count: 0 })
            yield return Finding.Of(CostRules.BudgetLimitsNothing, new Target(Attribute: "Budget"), declaration.Type.Name);
    }
}
