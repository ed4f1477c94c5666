using LowRank.Costs;

namespace LowRank.Training.Wording;

/// <summary>Writes a model's parameters.</summary>
internal static class ParameterWords
{
    /// <summary>
    /// All of them, and with a mixture of experts those that are active for a token: <c>46,702,792,704 (12,879,925,248 active)</c>.
    /// </summary>
    public static string Of(ModelCost cost) =>
        cost.IsMixture
            ? $"{Quantity.Count(cost.Parameters)} ({Quantity.Count(cost.ActiveParameters)} active)"
            : Quantity.Count(cost.Parameters);
}
