namespace LowRank.Training.Runs.Options;

/// <summary>The values that a real number may have, as a test and in words.</summary>
/// <param name="Holds">Whether a number is one of them.</param>
/// <param name="Words">Which they are: <c>above 0</c>.</param>
/// <param name="IsInfiniteToo">Whether it may be infinite.</param>
internal sealed record RealRange(Func<double, bool> Holds, string Words, bool IsInfiniteToo = false)
{
    /// <summary>All positive numbers.</summary>
    public static RealRange Positive { get; } = new(value => value > 0, "above 0");

    /// <summary>All numbers but negative ones.</summary>
    public static RealRange NotNegative { get; } = new(value => value >= 0, "at least 0");

    /// <summary>A fraction of something, none and all of it included.</summary>
    public static RealRange Fraction { get; } = new(value => value is >= 0 and <= 1, "from 0 to 1");

    /// <summary>A fraction of something, but not all of it.</summary>
    public static RealRange FractionBelowOne { get; } = new(value => value is >= 0 and < 1, "from 0 to below 1");

    /// <summary>A fraction of something, but not none of it.</summary>
    public static RealRange PositiveFraction { get; } = new(value => value is > 0 and <= 1, "above 0 and at most 1");

    /// <summary>A part of something, neither none nor all of it.</summary>
    public static RealRange Part { get; } = new(value => value is > 0 and < 1, "above 0 and below 1");

    /// <summary>Whether a number may be given.</summary>
    public bool Allows(double value) => Holds(value) && (IsInfiniteToo || double.IsFinite(value));
}
