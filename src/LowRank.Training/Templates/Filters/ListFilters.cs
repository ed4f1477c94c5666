using System.Globalization;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Filters;

/// <summary>Filters over lists and dictionaries as a whole.</summary>
internal static class ListFilters
{
    public static object? Default(Arguments given, Budget budget)
    {
        var values = given.Bind("default", "value", "default_value", "boolean");
        var isAbsent =
            values[0] is Undefined || (values[2] != Arguments.Missing && Sequences.IsTrue(values[2]) && !Sequences.IsTrue(values[0]));
        return !isAbsent ? values[0]
            : values[1] == Arguments.Missing ? ""
            : values[1];
    }

    public static object? First(Arguments given, Budget budget)
    {
        foreach (var item in Sequences.Items(given.Bind("first", "value")[0]))
            return item;
        return new Undefined("there is no first element, since there is none");
    }

    public static object? Last(Arguments given, Budget budget)
    {
        var value = given.Bind("last", "value")[0];
        if (value is TemplateGenerator)
            throw new TemplateFault("a generator has no last element; make a list of it first");
        var items = Sequences.All(value, budget);
        return items.Count > 0 ? items[^1] : new Undefined("there is no last element, since there is none");
    }

    public static object? Items(Arguments given, Budget budget) =>
        given.Bind("items", "value")[0] switch
        {
            Undefined => new TemplateGenerator([]),
            TemplateMap map => new TemplateGenerator(Members.Pairs(map).Items),
            var other => throw new TemplateFault($"a {Kinds.Of(other)} has no keys with values"),
        };

    public static object? Join(Arguments given, Budget budget)
    {
        var values = given.Bind("join", "value", "d", "attribute");
        var between = values[1] == Arguments.Missing ? "" : PythonText.Of(values[1]);
        var items = Sequences.All(values[0], budget).Select(item => PythonText.Of(Attribute(item, values[2], budget))).ToList();
        budget.Make(items.Sum(item => (long)item.Length + between.Length));
        return string.Join(between, items);
    }

    public static object? Reverse(Arguments given, Budget budget)
    {
        var value = given.Bind("reverse", "value")[0];
        var items = Sequences.All(value, budget);
        items.Reverse();
        return value is string ? string.Concat(items) : new TemplateGenerator(items);
    }

    public static object? Sort(Arguments given, Budget budget)
    {
        var values = given.Bind("sort", "value", "reverse", "case_sensitive", "attribute");
        var keyed = Sequences.All(values[0], budget).Select(item => (Item: item, Key: Keys(item, values[3], values[2], budget))).ToList();
        var isReverse = values[1] != Arguments.Missing && Sequences.IsTrue(values[1]);
        return new TemplateList([.. PythonOrder.Sort(keyed, pair => pair.Key, isReverse).Select(pair => pair.Item)]);
    }

    public static object? Unique(Arguments given, Budget budget)
    {
        var values = given.Bind("unique", "value", "case_sensitive", "attribute");
        var seen = new TemplateMap();
        var kept = new List<object?>();
        foreach (var item in Sequences.All(values[0], budget))
        {
            var key = Key(Attribute(item, values[2], budget), values[1]);
            if (seen.TryGet(key, out _))
                continue;
            seen.Set(key, null);
            kept.Add(item);
        }

        return new TemplateGenerator(kept);
    }

    public static object? Sum(Arguments given, Budget budget)
    {
        var values = given.Bind("sum", "value", "attribute", "start");
        object? sum = values[2] == Arguments.Missing ? 0L : values[2];
        foreach (var item in Sequences.All(values[0], budget))
            sum = Operators.Join("+", sum, Attribute(item, values[1], budget), budget);
        return sum;
    }

    public static object? Extreme(Arguments given, Budget budget, string name, int sign)
    {
        var values = given.Bind(name, "value", "case_sensitive", "attribute");
        object? best = new Undefined("there is no element, since there is none at all");
        object? bestKey = Arguments.Missing;
        foreach (var item in Sequences.All(values[0], budget))
        {
            var key = Key(Attribute(item, values[2], budget), values[1]);
            if (bestKey == Arguments.Missing || PythonOrder.Instance.Compare(key, bestKey) * sign > 0)
                (best, bestKey) = (item, key);
        }

        return best;
    }

    public static object? SortMap(Arguments given, Budget budget)
    {
        var values = given.Bind("dictsort", "value", "case_sensitive", "by", "reverse");
        if (values[0] is not TemplateMap map)
            throw new TemplateFault(
                values[0] is Undefined missing ? missing.What : $"a {Kinds.Of(values[0])} has no keys that could be sorted"
            );
        var byValue = values[2] as string == "value";
        if (!byValue && values[2] != Arguments.Missing && values[2] as string != "key")
            throw new TemplateFault("dictsort sorts by 'key' or by 'value'");
        budget.MakeItems(map.Count);
        var isReverse = values[3] != Arguments.Missing && Sequences.IsTrue(values[3]);
        var sorted = PythonOrder.Sort(map.Entries, entry => Key(byValue ? entry.Value : entry.Key, values[1]), isReverse);
        return new TemplateList([.. sorted.Select(entry => new TemplateList([entry.Key, entry.Value], isTuple: true))]);
    }

    /// <summary>An attribute, also of an attribute (<c>function.name</c>); the value itself where none is named.</summary>
    public static object? Attribute(object? value, object? name, Budget budget)
    {
        if (name is null || name == Arguments.Missing)
            return value;
        if (name is long)
            return Members.Item(value, name, budget);
        foreach (var part in PythonText.Of(name).Split('.'))
            value = Members.Item(
                value,
                long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : part,
                budget
            );
        return value;
    }

    // Several attributes may be named, with commas between.
    private static TemplateList Keys(object? item, object? attribute, object? caseSensitive, Budget budget) =>
        attribute is string names
            ? new TemplateList([.. names.Split(',').Select(name => Key(Attribute(item, name, budget), caseSensitive))])
            : new TemplateList([Key(Attribute(item, attribute, budget), caseSensitive)]);

    private static object? Key(object? value, object? caseSensitive) =>
        value is string text && (caseSensitive == Arguments.Missing || !Sequences.IsTrue(caseSensitive)) ? text.ToLowerInvariant() : value;
}
