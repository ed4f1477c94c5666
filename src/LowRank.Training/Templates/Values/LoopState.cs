namespace LowRank.Training.Templates.Values;

/// <summary>The variable <c>loop</c> within a <c>for</c>.</summary>
/// <param name="items">All elements.</param>
internal sealed class LoopState(IReadOnlyList<object?> items)
{
    private object? changed = Arguments.Missing;

    /// <summary>The element's number, from 0.</summary>
    public int Index { get; set; }

    /// <summary>One of its members, or null for an unknown one.</summary>
    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "index" => Index + 1L,
            "index0" => (long)Index,
            "revindex" => (long)items.Count - Index,
            "revindex0" => items.Count - 1L - Index,
            "first" => Index == 0,
            "last" => Index == items.Count - 1,
            "length" => (long)items.Count,
            // Of loops that call themselves alone, which are not supported.
            "depth" => 1L,
            "depth0" => 0L,
            "previtem" => Index > 0 ? items[Index - 1] : new Undefined("there is no previous item"),
            "nextitem" => Index < items.Count - 1 ? items[Index + 1] : new Undefined("there is no next item"),
            "cycle" => new TemplateFunction("cycle", Cycle),
            "changed" => new TemplateFunction("changed", given => Changed(given)),
            _ => Arguments.Missing,
        };
        return value != Arguments.Missing;
    }

    private object? Cycle(Arguments arguments) =>
        arguments.Positional.Count > 0
            ? arguments.Positional[Index % arguments.Positional.Count]
            : throw new TemplateFault("cycle takes at least one value");

    private bool Changed(Arguments arguments)
    {
        var now = new TemplateList(arguments.Positional, isTuple: true);
        if (changed is TemplateList before && PythonEquality.Instance.Equals(before, now))
            return false;
        changed = now;
        return true;
    }
}
