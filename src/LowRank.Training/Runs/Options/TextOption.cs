namespace LowRank.Training.Runs.Options;

/// <summary>An option that is a name or a path.</summary>
internal sealed class TextOption<T>(
    string property,
    string flag,
    Func<T, string?> get,
    Func<T, string, T> set,
    string valueName,
    FormattableString meaning
) : DeclaredOption<T>(property, flag, valueName, meaning)
{
    /// <summary>Refuses a value with which nothing can be done; null where that is found out later.</summary>
    public Action<string>? Refuse { get; init; }

    /// <summary>The names that it takes; null where it takes any.</summary>
    public string? Names { get; init; }

    /// <inheritdoc/>
    public override string? RangeWords => Names;

    /// <inheritdoc/>
    public override object? Get(T options) => get(options);

    /// <inheritdoc/>
    public override T With(T options, object value) => set(options, (string)value);

    /// <inheritdoc/>
    public override void Check(T options)
    {
        if (get(options) is { } value)
            Refuse?.Invoke(value);
    }

    /// <inheritdoc/>
    public override string? Damage(T options) => null;
}
