using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Says at <c>[DenseBaseline]</c> why no dense model of the declared one's FLOPs stands beside the baseline.</summary>
internal sealed class NoFlopMatchRule : IRule<CostedTransformer>
{
    public IEnumerable<Finding> Check(CostedTransformer costed)
    {
        if (costed.FlopMatch is { Missing: { } reason })
            yield return Finding.Of(CostRules.NoFlopMatch, new Target(Attribute: "DenseBaseline"), costed.Model.Type.Name, reason);
    }
}
