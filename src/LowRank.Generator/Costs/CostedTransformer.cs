using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Costs;

/// <summary>A sound model with its accounting: all that an emitter needs.</summary>
/// <param name="Model">The model.</param>
/// <param name="Costs">What it costs.</param>
/// <param name="Dense">Its dense baseline, where one is declared.</param>
internal sealed record CostedTransformer(TransformerModel Model, ModelCosts Costs, CostedTransformer? Dense)
{
    /// <summary>The limits of its budget, kept or not.</summary>
    public EquatableArray<BudgetUse> Budget { get; init; } = EquatableArray<BudgetUse>.Empty;

    /// <summary>The dense model of its forward FLOPs, or why there is none; null where no dense baseline is declared.</summary>
    public FlopMatch? FlopMatch { get; init; }

    /// <summary>The declaration's model, held against the declaration's budget.</summary>
    /// <exception cref="OverflowException">A sum does not fit its type.</exception>
    public static CostedTransformer Of(TransformerModel model, BudgetOptions? budget)
    {
        var costed = Of(model);
        return costed with { Budget = new(BudgetUse.Of(budget, costed.Costs)) };
    }

    /// <exception cref="OverflowException">A sum does not fit its type.</exception>
    public static CostedTransformer Of(TransformerModel model)
    {
        var costs = ModelCosts.Of(model);
        if (!model.HasDenseBaseline)
            return new(model, costs, null);
        var dense = Of(ShapeInference.Dense(model));
        return new(model, costs, dense) { FlopMatch = FlopMatch.Of(model, costs, dense.Costs) };
    }
}
