namespace LowRank.Training.Runs.Options;

/// <summary>An option that is a whole number.</summary>
internal sealed class WholeOption<T>(
    string property,
    string flag,
    Func<T, long?> get,
    Func<T, long, T> set,
    long least,
    long most,
    FormattableString meaning
) : DeclaredOption<T>(property, flag, "N", meaning)
{
    /// <summary>The smallest value.</summary>
    public long Least { get; } = least;

    /// <summary>The largest value, which the property's type has.</summary>
    public long Most { get; } = most;

    /// <summary>Whether checkpoints of earlier versions, which know nothing of the option, are read as if they said 0.</summary>
    public bool IsZeroInOldCheckpoints { get; init; }

    /// <inheritdoc/>
    public override string? RangeWords => Least == long.MinValue ? null : FormattableString.Invariant($"at least {Least}");

    /// <inheritdoc/>
    public override object? Get(T options) => get(options);

    /// <inheritdoc/>
    public override T With(T options, object value) => set(options, (long)value);

    /// <inheritdoc/>
    public override void Check(T options)
    {
        if (get(options) < Least)
            throw InputException.Naming($"{Name} must be {RangeWords}, not {get(options)}.");
    }

    /// <inheritdoc/>
    public override string? Damage(T options)
    {
        var least = IsZeroInOldCheckpoints ? 0 : Least;
        return get(options) is { } value && (value < least || value > Most)
            ? FormattableString.Invariant($"is {value}, which is not from {least} to {Most}")
            : null;
    }
}
