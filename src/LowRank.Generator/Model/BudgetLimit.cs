using System.Globalization;

namespace LowRank.Generator.Model;

/// <summary>What a budget can limit; named as the attribute's properties are.</summary>
internal enum BudgetQuantity
{
    Parameters,
    ParametersAtStart,
    ForwardFlopsPerToken,
    TrainingFlops,
    TrainingMemory,
    DecodeMemory,
    ActiveParameters,
}

/// <summary>One limit.</summary>
/// <param name="Quantity">What it limits.</param>
/// <param name="Written">Its value, for reading.</param>
/// <param name="Value">Its value; null where it is no number that anything could be held against.</param>
internal sealed record BudgetLimit(BudgetQuantity Quantity, string Written, decimal? Value)
{
    /// <summary>All that can be limited, in the order in which it is reported.</summary>
    public static IReadOnlyList<BudgetQuantity> Quantities { get; } =
    [
        BudgetQuantity.Parameters,
        BudgetQuantity.ParametersAtStart,
        BudgetQuantity.ForwardFlopsPerToken,
        BudgetQuantity.TrainingFlops,
        BudgetQuantity.TrainingMemory,
        BudgetQuantity.DecodeMemory,
        BudgetQuantity.ActiveParameters,
    ];

    /// <summary>Whether the quantity belongs to the declared run.</summary>
    public bool NeedsRun => Quantity is BudgetQuantity.TrainingFlops or BudgetQuantity.TrainingMemory;

    public static BudgetLimit Of(BudgetQuantity quantity, long value) => new(quantity, value.ToString(CultureInfo.InvariantCulture), value);

    public static BudgetLimit Of(BudgetQuantity quantity, double value) =>
        new(quantity, value.ToString("R", CultureInfo.InvariantCulture), Convert(value));

    // Beyond the largest decimal no total can lie, since it would be refused.
    private static decimal? Convert(double value) =>
        value switch
        {
            >= (double)decimal.MaxValue and not double.PositiveInfinity => decimal.MaxValue,
            > (double)decimal.MinValue and < (double)decimal.MaxValue => (decimal)value,
            _ => null,
        };
}
