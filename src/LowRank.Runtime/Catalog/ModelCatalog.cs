using System.ComponentModel;

namespace LowRank;

/// <summary>The declared models of all loaded assemblies. Generated code registers them when an assembly is loaded.</summary>
public static class ModelCatalog
{
    private static readonly Lock Gate = new();
    private static readonly List<ModelEntry> Entries = [];

    /// <summary>The models, in the order of their full names.</summary>
    public static IReadOnlyList<ModelEntry> Models
    {
        get
        {
            lock (Gate)
                return [.. Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal)];
        }
    }

    /// <summary>Adds a model; one that is there already under the same full name is replaced.</summary>
    /// <param name="entry">The model.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static void Register(ModelEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (Gate)
        {
            Entries.RemoveAll(other => string.Equals(other.FullName, entry.FullName, StringComparison.Ordinal));
            Entries.Add(entry);
        }
    }

    /// <summary>Finds a model by its name or full name, whatever the case.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The models that fit: none, one, or several of the same name in different namespaces.</returns>
    public static IReadOnlyList<ModelEntry> Find(string name) =>
        [.. Models.Where(entry => Matches(entry.Name, name) || Matches(entry.FullName, name))];

    private static bool Matches(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
