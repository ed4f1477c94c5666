namespace LowRank.Training.Runs.Options;

/// <summary>An option that is a real number.</summary>
internal sealed class RealOption<T>(
    string property,
    string flag,
    Func<T, double?> get,
    Func<T, double, T> set,
    RealRange range,
    FormattableString meaning
) : DeclaredOption<T>(property, flag, "X", meaning)
{
    /// <summary>The values that it may have.</summary>
    public RealRange Range { get; } = range;

    /// <inheritdoc/>
    public override string RangeWords => Range.Words;

    /// <inheritdoc/>
    public override object? Get(T options) => get(options);

    /// <inheritdoc/>
    public override T With(T options, object value) => set(options, (double)value);

    /// <inheritdoc/>
    public override void Check(T options)
    {
        if (get(options) is { } value && !Range.Allows(value))
            throw InputException.Naming($"{Name} must be {RangeWords}, not {value}.");
    }

    /// <inheritdoc/>
    public override string? Damage(T options) =>
        get(options) is not { } value || (value >= 0 && double.IsFinite(value)) || (Range.IsInfiniteToo && double.IsPositiveInfinity(value))
            ? null
            : FormattableString.Invariant($"is {value}, which is no finite number of at least 0");
}
