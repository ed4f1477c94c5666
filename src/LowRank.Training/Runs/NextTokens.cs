using LowRank.Costs;

namespace LowRank.Training.Runs;

/// <summary>Whether a model can learn and generate next tokens, which an encoder can't: it has seen them.</summary>
internal static class NextTokens
{
    /// <exception cref="InputException">The model attends in both directions.</exception>
    public static void Require(ModelCost cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        if (!cost.IsCausal)
        {
            throw new InputException(
                $"{cost.Model} is declared with Causal = false: its tokens see those after them, so that it can neither learn nor generate next tokens; train it in a loop of your own."
            );
        }
    }
}
