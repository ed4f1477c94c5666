using LowRank.Models;

namespace LowRank.Training.Weights;

/// <summary>Layers with an activation between their factors: no weight of any architecture is what they compute.</summary>
internal static class ActivatedFactors
{
    /// <exception cref="InputException">The model has such layers.</exception>
    /// <param name="model">The model.</param>
    /// <param name="what">What they make impossible: "can't be exported".</param>
    /// <param name="instead">What could be done instead.</param>
    public static void Refuse(LanguageModel model, string what, FormattableString instead)
    {
        var count = model.FactoredLinears.Count(linear => linear.Factors.Activation is not null);
        if (count > 0)
        {
            throw InputException.Naming(
                $"{model.Accounting.Model} has an activation between the factors of {count} layers, y = U·f(Vx), so it {what}: no product of the two is the layer's weight. {instead}"
            );
        }
    }
}
