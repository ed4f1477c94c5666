using LowRank.Training.Variations;

namespace LowRank.Training.Runs;

/// <summary>How a declared model is named where another of the same name may be.</summary>
internal static class ModelNames
{
    /// <summary>The shortest name that means this model alone: its own, its full one, or that with its assembly.</summary>
    public static string Short(ModelEntry entry) =>
        With(entry, declared => Means(declared.Name, declared) ? declared.Name : Full(declared));

    /// <summary>The full name, with the assembly where two have it.</summary>
    public static string Full(ModelEntry entry) => With(entry, FullOf);

    private static string FullOf(ModelEntry entry)
    {
        if (Means(entry.FullName, entry))
            return entry.FullName;
        // A class without a namespace, and another of its name in one.
        var global = "global::" + entry.FullName;
        return Means(global, entry) ? global : $"{entry.FullName}, {entry.Assembly}";
    }

    /// <summary>The full name as it is typed in a shell: that with an assembly has a space.</summary>
    public static string Quoted(ModelEntry entry) => Full(entry) is var name && name.Contains(' ') ? $"'{name}'" : name;

    // A varied model is named by its model and the changes.
    private static string With(ModelEntry entry, Func<ModelEntry, string> name) =>
        VariedModel.Split(entry.FullName).Changes is { } changes
            ? $"{name(ModelLookup.Declared(entry))}{VariedModel.Mark}{changes}"
            : name(entry);

    private static bool Means(string name, ModelEntry entry) => ModelCatalog.Find(name) is [var only] && ReferenceEquals(only, entry);
}
