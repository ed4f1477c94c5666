using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates;

/// <summary>What stands behind a dot or in square brackets: an attribute or method, a key, an element, a slice.</summary>
internal static class Members
{
    // In Hugging Face's library a template runs in a sandbox that forbids these.
    private static readonly string[] Changing =
    [
        "append",
        "clear",
        "extend",
        "insert",
        "pop",
        "popitem",
        "remove",
        "reverse",
        "setdefault",
        "sort",
        "update",
    ];

    /// <summary><c>value.name</c>: a method before a key.</summary>
    /// <exception cref="TemplateFault">The value is undefined, or the method would change it.</exception>
    public static object? Attribute(object? value, string name, Budget budget)
    {
        switch (value)
        {
            case Undefined missing:
                throw new TemplateFault(missing.What);
            case string text when TextMethods.Find(text, name, budget) is { } method:
                return method;
            case TemplateMap map when MapMethod(map, name) is { } method:
                return method;
            case TemplateList list when ListMethod(list, name) is { } method:
                return method;
            case TemplateMap or TemplateList when Changing.Contains(name, StringComparer.Ordinal):
                throw new TemplateFault($"the method '{name}' would change a {Kinds.Of(value)}, which no template may do");
            case LoopState loop when loop.TryGet(name, out var member):
                return member;
            case TemplateNamespace names when names.Members.TryGetValue(name, out var member):
                return member;
            case TemplateMap map when map.TryGet(name, out var member):
                return member;
            default:
                return Nothing(value, name);
        }
    }

    /// <summary><c>value[key]</c>: a key before a method.</summary>
    /// <exception cref="TemplateFault">The value is undefined.</exception>
    public static object? Item(object? value, object? key, Budget budget)
    {
        switch (value)
        {
            case Undefined missing:
                throw new TemplateFault(missing.What);
            case TemplateMap map when key is not (TemplateList { IsTuple: false } or TemplateMap) && map.TryGet(key, out var member):
                return member;
            case TemplateList list when Numbers.TryWhole(key, out var index):
                return At(list.Items.Count, index, place => list.Items[place]);
            case string text when Numbers.TryWhole(key, out var index):
                var points = new CodePoints(text);
                return At(points.Count, index, place => points[place]);
            default:
                return key is string name ? Attribute(value, name, budget) : Nothing(value, PythonText.Of(key));
        }
    }

    /// <summary><c>value[start:stop:step]</c>.</summary>
    /// <exception cref="TemplateFault">The value has no parts, or a bound is no whole number.</exception>
    public static object Slice(object? value, object? start, object? stop, object? step, Budget budget)
    {
        if (value is Undefined missing)
            throw new TemplateFault(missing.What);
        if (value is string text)
        {
            budget.Make(text.Length);
            var units = new CodePoints(text);
            return units.Concat(Indexes(units.Count, start, stop, step));
        }

        if (value is not TemplateList list)
            throw new TemplateFault($"a {Kinds.Of(value)} has no parts that a slice could take");
        budget.MakeItems(list.Items.Count);
        return new TemplateList([.. Indexes(list.Items.Count, start, stop, step).Select(index => list.Items[index])], list.IsTuple);
    }

    private static IEnumerable<int> Indexes(int count, object? start, object? stop, object? step)
    {
        var by = step is null ? 1 : Numbers.Small(step, "a whole number as a slice's step");
        if (by == 0)
            throw new TemplateFault("a slice's step is 0");
        var first = Bound(start, by > 0 ? 0 : count - 1);
        var end = Bound(stop, by > 0 ? count : -1);
        return Walk(first, end, by);

        int Bound(object? bound, int absent)
        {
            if (bound is null)
                return absent;
            var index = Numbers.Whole(bound, "a whole number as a slice's bound");
            if (index < 0)
                index += count;
            return (int)Math.Clamp(index, by > 0 ? 0 : -1, by > 0 ? count : count - 1);
        }
    }

    private static IEnumerable<int> Walk(long first, int end, int by)
    {
        for (var index = first; by > 0 ? index < end : index > end; index += by)
            yield return (int)index;
    }

    private static object? At(int count, long index, Func<int, object?> item)
    {
        var place = index < 0 ? index + count : index;
        return place >= 0 && place < count
            ? item((int)place)
            : new Undefined(FormattableString.Invariant($"there is no element {index} among {count}"));
    }

    private static Undefined Nothing(object? value, string name) =>
        new(value is TemplateMap ? $"there is no key '{name}' in a dict" : $"a {Kinds.Of(value)} has no attribute '{name}'");

    private static TemplateFunction? MapMethod(TemplateMap map, string name) =>
        name switch
        {
            "items" => new(name, given => Checked(given, name, Pairs(map))),
            "keys" => new(name, given => Checked(given, name, new TemplateList([.. map.Keys]))),
            "values" => new(name, given => Checked(given, name, new TemplateList([.. map.Values]))),
            "copy" => new(name, given => Checked(given, name, map)),
            "get" => new(
                name,
                given =>
                {
                    var values = given.Bind(name, "key", "default");
                    return map.TryGet(values[0], out var found) ? found
                        : values[1] == Arguments.Missing ? null
                        : values[1];
                }
            ),
            _ => null,
        };

    /// <summary>Keys and values as tuples.</summary>
    public static TemplateList Pairs(TemplateMap map) =>
        new([.. map.Entries.Select(entry => new TemplateList([entry.Key, entry.Value], isTuple: true))]);

    private static TemplateFunction? ListMethod(TemplateList list, string name) =>
        name switch
        {
            "copy" => new(name, given => Checked(given, name, list)),
            "count" => new(
                name,
                given =>
                {
                    var values = given.Bind(name, "value");
                    return (long)list.Items.Count(item => PythonEquality.Instance.Equals(item, values[0]));
                }
            ),
            "index" => new(
                name,
                given =>
                {
                    var values = given.Bind(name, "value");
                    var index = list.Items.TakeWhile(item => !PythonEquality.Instance.Equals(item, values[0])).Count();
                    return index < list.Items.Count
                        ? (long)index
                        : throw new TemplateFault("a list doesn't hold the value whose index is asked for");
                }
            ),
            _ => null,
        };

    private static object Checked(Arguments given, string name, object result)
    {
        _ = given.Bind(name);
        return result;
    }
}
