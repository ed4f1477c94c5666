using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Costs;

/// <summary>A sound model with its accounting: all that an emitter needs.</summary>
/// <param name="Model">The model.</param>
/// <param name="Costs">What it costs.</param>
/// <param name="Dense">Its dense baseline, where one is declared.</param>
internal sealed record CostedTransformer(TransformerModel Model, ModelCosts Costs, CostedTransformer? Dense)
{
    /// <exception cref="OverflowException">A sum does not fit its type.</exception>
    public static CostedTransformer Of(TransformerModel model) =>
        new(model, ModelCosts.Of(model), model.HasDenseBaseline ? Of(ShapeInference.Dense(model)) : null);
}
