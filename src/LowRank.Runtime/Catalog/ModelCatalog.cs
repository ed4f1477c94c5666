using System.ComponentModel;

namespace LowRank;

/// <summary>
/// The declared models of all loaded assemblies and of those that they reference. Generated code registers them when an assembly is loaded.
/// </summary>
public static class ModelCatalog
{
    private const string Global = "global::";

    private static readonly Lock Gate = new();
    private static readonly List<ModelEntry> Entries = [];
    private static readonly List<HiddenModel> HiddenEntries = [];

    /// <summary>The models, in the order of their full names.</summary>
    public static IReadOnlyList<ModelEntry> Models
    {
        get
        {
            lock (Gate)
                return
                [
                    .. Entries
                        .OrderBy(entry => entry.FullName, StringComparer.Ordinal)
                        .ThenBy(entry => entry.Assembly, StringComparer.Ordinal),
                ];
        }
    }

    /// <summary>The models that can't be built from here, in the order of their full names.</summary>
    internal static IReadOnlyList<HiddenModel> Hidden
    {
        get
        {
            lock (Gate)
                return [.. HiddenEntries.OrderBy(entry => entry.FullName, StringComparer.Ordinal)];
        }
    }

    /// <summary>Adds a model; one that is there already under the same full name in an assembly of the same name is replaced.</summary>
    /// <param name="entry">The model.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static void Register(ModelEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (Gate)
        {
            Entries.RemoveAll(other => IsSame(other.FullName, other.Assembly, entry.FullName, entry.Assembly));
            Entries.Add(entry);
        }
    }

    /// <summary>Adds a model that no code outside of its class can build.</summary>
    /// <param name="fullName">The class's name with its namespace and containing types.</param>
    /// <param name="assembly">The name of its assembly.</param>
    /// <param name="reason">Why, as half a sentence.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static void RegisterHidden(string fullName, string assembly, string reason)
    {
        lock (Gate)
        {
            HiddenEntries.RemoveAll(other => IsSame(other.FullName, other.Assembly, fullName, assembly));
            HiddenEntries.Add(new(fullName, assembly, reason));
        }
    }

    /// <summary>
    /// Finds a model by its name, its full name, or its full name and its assembly's, as .NET writes them: <c>Papers.Small, Models</c>.
    /// A name that begins with <c>global::</c> is a full name. The case doesn't matter, unless several differ in nothing else.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <returns>The models that fit: none, one, or several of the same name in different namespaces or assemblies.</returns>
    public static IReadOnlyList<ModelEntry> Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var models = Models;
        ModelEntry[] exact = [.. models.Where(entry => Fits(entry, name, StringComparison.Ordinal))];
        return exact.Length > 0 ? exact : [.. models.Where(entry => Fits(entry, name, StringComparison.OrdinalIgnoreCase))];
    }

    private static bool Fits(ModelEntry entry, string name, StringComparison comparison)
    {
        var isFull = name.StartsWith(Global, comparison);
        var asked = (isFull ? name[Global.Length..] : name).Split(',', 2, StringSplitOptions.TrimEntries);
        return (asked.Length == 1 || string.Equals(entry.Assembly, asked[1], comparison))
            && (string.Equals(entry.FullName, asked[0], comparison) || (!isFull && string.Equals(entry.Name, asked[0], comparison)));
    }

    private static bool IsSame(string fullName, string assembly, string otherFullName, string otherAssembly) =>
        string.Equals(fullName, otherFullName, StringComparison.Ordinal)
        && string.Equals(assembly, otherAssembly, StringComparison.Ordinal);
}
