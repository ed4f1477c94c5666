using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates;

/// <summary>The functions that every template finds: those of Jinja, and those that Hugging Face's library adds.</summary>
internal static class Globals
{
    // Jinja has them, and they are not read here: undefined values would be another thing.
    private static readonly string[] Missing = ["lipsum", "cycler", "joiner"];

    /// <summary>The value of a name that nobody has set.</summary>
    public static object? Find(string name, Rendering rendering) =>
        name switch
        {
            "range" => new TemplateFunction(name, given => Range(given, rendering.Budget)),
            "dict" => new TemplateFunction(name, given => Map(given)),
            "namespace" => new TemplateFunction(name, Namespace),
            "raise_exception" => new TemplateFunction(name, Raise),
            "strftime_now" => new TemplateFunction(name, given => Dates.Write(DateTime.Now, given.Bind(name, "format")[0])),
            _ when Missing.Contains(name, StringComparer.Ordinal) => throw new TemplateFault($"the function '{name}' is not supported"),
            _ => new Undefined($"'{name}' is undefined"),
        };

    private static TemplateList Range(Arguments given, Budget budget)
    {
        if (given.Positional.Count == 0)
            throw new TemplateFault("range takes one to three whole numbers");
        var values = given.Bind("range", "start", "stop", "step");
        var hasStart = values[1] != Arguments.Missing;
        var (start, stop) = hasStart ? (Numbers.Whole(values[0]), Numbers.Whole(values[1])) : (0, Numbers.Whole(values[0]));
        var step = values[2] == Arguments.Missing ? 1 : Numbers.Whole(values[2]);
        if (step == 0)
            throw new TemplateFault("the step of a range is 0");
        var length = step > 0 ? ((Int128)stop - start + step - 1) / step : ((Int128)start - stop - step - 1) / -step;
        budget.MakeItems((long)Int128.Clamp(length, 0, Budget.MostItems + 1));
        var items = new List<object?>();
        for (var index = 0; index < length; index++)
            items.Add(start + (index * step));
        return new TemplateList(items);
    }

    private static TemplateMap Map(Arguments given)
    {
        var map = new TemplateMap();
        foreach (var source in given.Positional)
        {
            foreach (
                var (key, value) in (
                    source as TemplateMap ?? throw new TemplateFault("dict takes dictionaries, and values by name")
                ).Entries
            )
                map.Set(key, value);
        }

        foreach (var (name, value) in given.Named)
            map.Set(name, value);
        return map;
    }

    private static TemplateNamespace Namespace(Arguments given)
    {
        var names = new TemplateNamespace();
        foreach (var (key, value) in Map(given).Entries)
            names.Members[key as string ?? throw new TemplateFault("a namespace's names are texts")] = value;
        return names;
    }

    private static object? Raise(Arguments given) =>
        throw new TemplateFault($"the template refuses the conversation: {PythonText.Of(given.Bind("raise_exception", "message")[0])}");
}
