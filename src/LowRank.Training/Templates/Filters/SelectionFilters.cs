using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Filters;

/// <summary>Filters that do something with every element, or choose among them.</summary>
internal static class SelectionFilters
{
    /// <summary>An attribute of every element, or a filter applied to each.</summary>
    public static object? Map(Arguments given, Budget budget)
    {
        if (given.Positional.Count == 1)
        {
            var values = given.Bind("map", "value", "attribute", "default");
            if (values[1] == Arguments.Missing)
                throw new TemplateFault("map takes the name of a filter, or an attribute");
            return new TemplateGenerator(
                Sequences
                    .Items(values[0])
                    .Select(item =>
                        ListFilters.Attribute(item, values[1], budget) is var found && found is Undefined && values[2] != Arguments.Missing
                            ? values[2]
                            : found
                    )
            );
        }

        var name = PythonText.Of(given.Positional[1]);
        var filter = FilterTable.Find(name) ?? throw new TemplateFault($"the filter '{name}' is not supported");
        var further = given.Positional.Skip(2).ToList();
        return new TemplateGenerator(
            Sequences
                .Items(given.Positional[0])
                .Select(item =>
                {
                    budget.Step();
                    return filter(new Arguments([item, .. further], given.Named), budget);
                })
        );
    }

    /// <summary>The elements that pass a test, or whose attribute does; without a test those that count as true.</summary>
    public static object? Select(Arguments given, Budget budget, bool byAttribute, bool keep)
    {
        var at = byAttribute ? 2 : 1;
        if (byAttribute && given.Positional.Count < 2)
            throw new TemplateFault("selectattr and rejectattr take the name of an attribute");
        var name = given.Positional.Count > at ? PythonText.Of(given.Positional[at]) : null;
        var test = name is null ? null : TestTable.Find(name) ?? throw new TemplateFault($"the test '{name}' is not supported");
        var further = given.Positional.Skip(at + 1).ToList();
        return new TemplateGenerator(Sequences.Items(given.Positional[0]).Where(Passes));

        bool Passes(object? item)
        {
            budget.Step();
            var value = byAttribute ? ListFilters.Attribute(item, given.Positional[1], budget) : item;
            return (test is null ? Sequences.IsTrue(value) : test(new Arguments([value, .. further], given.Named))) == keep;
        }
    }
}
