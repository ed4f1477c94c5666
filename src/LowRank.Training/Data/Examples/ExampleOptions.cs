using System.Globalization;

namespace LowRank.Training.Data.Examples;

/// <summary>How examples are prepared.</summary>
public sealed record ExampleOptions
{
    /// <summary>The share of the examples that is held out for validation, between 0 and 1. An example's own hash decides.</summary>
    public double ValidationFraction { get; init; } = 0.05;

    /// <summary>The folder in which prepared data is kept for the next run; null for one of the user's.</summary>
    public string? CacheDirectory { get; init; }

    /// <exception cref="InputException">A value is out of its range.</exception>
    internal void Check()
    {
        if (!(ValidationFraction > 0 && ValidationFraction < 1))
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A validation share of {ValidationFraction} is not possible; it must lie between 0 and 1, such as 0.05."
                )
            );
        }
    }
}
