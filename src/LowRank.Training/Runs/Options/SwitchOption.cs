namespace LowRank.Training.Runs.Options;

/// <summary>An option that is on or off.</summary>
internal sealed class SwitchOption<T>(string property, string flag, Func<T, bool> get, Func<T, bool, T> set, FormattableString meaning)
    : DeclaredOption<T>(property, flag, null, meaning)
{
    /// <inheritdoc/>
    public override string? RangeWords => null;

    /// <inheritdoc/>
    public override object Get(T options) => get(options);

    /// <inheritdoc/>
    public override T With(T options, object value) => set(options, (bool)value);

    /// <inheritdoc/>
    public override void Check(T options) { }

    /// <inheritdoc/>
    public override string? Damage(T options) => null;
}
