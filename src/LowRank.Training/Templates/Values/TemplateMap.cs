namespace LowRank.Training.Templates.Values;

/// <summary>A dictionary, in the order in which its keys came.</summary>
internal sealed class TemplateMap
{
    private readonly OrderedDictionary<object, object?> entries = new(PythonEquality.Instance);

    /// <summary>Number of entries.</summary>
    public int Count => entries.Count;

    /// <summary>The keys.</summary>
    public IEnumerable<object?> Keys => entries.Keys.Select(Key);

    /// <summary>The values.</summary>
    public IEnumerable<object?> Values => entries.Values;

    /// <summary>Keys with their values.</summary>
    public IEnumerable<(object? Key, object? Value)> Entries => entries.Select(entry => (Key(entry.Key), entry.Value));

    /// <summary>Sets a value while the map is made.</summary>
    /// <exception cref="TemplateFault">The key is a list or a dictionary.</exception>
    public void Set(object? key, object? value) => entries[Hashable(key)] = value;

    /// <summary>The value of a key.</summary>
    /// <exception cref="TemplateFault">The key is a list or a dictionary.</exception>
    public bool TryGet(object? key, out object? value) => entries.TryGetValue(Hashable(key), out value);

    private static object? Key(object key) => key is NoneKey ? null : key;

    private static object Hashable(object? key) =>
        key switch
        {
            null => NoneKey.Instance,
            TemplateList { IsTuple: false } or TemplateMap => throw new TemplateFault($"a {Kinds.Of(key)} can't be a key"),
            _ => key,
        };

    private sealed class NoneKey
    {
        public static readonly NoneKey Instance = new();
    }
}
