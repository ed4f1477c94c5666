using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A limit on training stands beside a declared run.</summary>
internal sealed class BudgetRunRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration) =>
        declaration is { Budget: { } budget, Run: null }
            ? budget
                .Limits.Where(limit => limit.NeedsRun)
                .Select(limit =>
                    Finding.Of(
                        CostRules.BudgetNeedsRun,
                        new Target(Attribute: "Budget", Argument: limit.Quantity.ToString()),
                        declaration.Type.Name,
                        limit.Quantity
                    )
                )
            : [];
}
