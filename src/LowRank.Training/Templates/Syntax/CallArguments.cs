using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Syntax;

/// <summary>What a call is given, as it is written.</summary>
internal sealed record CallArguments(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static readonly CallArguments None = new([], []);

    /// <summary>A list whose elements come behind the positional values, <c>*list</c>; null for none.</summary>
    public Expression? Spread { get; init; }

    /// <summary>A dictionary whose entries come behind the named values, <c>**map</c>; null for none.</summary>
    public Expression? SpreadNamed { get; init; }

    /// <summary>The values, in the order in which they are written.</summary>
    public Arguments Evaluate(Rendering rendering, object? first = null, bool hasFirst = false)
    {
        var positional = new List<object?>(Positional.Count + 1);
        if (hasFirst)
            positional.Add(first);
        positional.AddRange(Positional.Select(value => value.Evaluate(rendering)));
        if (Spread is not null)
            positional.AddRange(Sequences.All(Spread.Evaluate(rendering), rendering.Budget));
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in Named)
            named[name] = value.Evaluate(rendering);
        AddSpread(named, rendering);
        return new Arguments(positional, named);
    }

    private void AddSpread(Dictionary<string, object?> named, Rendering rendering)
    {
        if (SpreadNamed is null)
            return;
        if (SpreadNamed.Evaluate(rendering) is not TemplateMap map)
            throw new TemplateFault("a dictionary is needed behind '**'");
        foreach (var (key, value) in map.Entries)
        {
            if (!named.TryAdd(key as string ?? throw new TemplateFault("names are texts, in a dictionary behind '**' as well"), value))
                throw new TemplateFault($"'{key}' is given twice");
        }
    }
}
