namespace LowRank.Training.Templates.Values;

/// <summary>What <c>namespace()</c> makes: names that can be set from within a loop.</summary>
internal sealed class TemplateNamespace
{
    /// <summary>The names with their values.</summary>
    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);
}
