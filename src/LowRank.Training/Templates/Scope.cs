namespace LowRank.Training.Templates;

/// <summary>The names that are set at a place of a template, and those around it.</summary>
/// <param name="outer">The scope around it; null for the outermost.</param>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, object?> names = new(StringComparer.Ordinal);

    /// <summary>Sets a name here, and nowhere around.</summary>
    public void Set(string name, object? value) => names[name] = value;

    /// <summary>The value of a name, here or around.</summary>
    public bool TryGet(string name, out object? value)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.names.TryGetValue(name, out value))
                return true;
        }

        value = null;
        return false;
    }

    private Scope? Outer => outer;
}
