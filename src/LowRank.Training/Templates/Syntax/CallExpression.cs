using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Syntax;

/// <summary><c>function(…)</c>.</summary>
internal sealed class CallExpression(int offset, Expression function, CallArguments arguments) : Expression(offset)
{
    protected override object? Compute(Rendering rendering) => Call(rendering, caller: null);

    /// <summary>Calls it, with what is between <c>call</c> and <c>endcall</c>.</summary>
    public object? Call(Rendering rendering, TemplateFunction? caller)
    {
        var called = Part(function, rendering);
        var given = arguments.Evaluate(rendering);
        if (caller is not null)
            given = given with { Named = new Dictionary<string, object?>(given.Named, StringComparer.Ordinal) { ["caller"] = caller } };
        rendering.At = Offset;
        return called switch
        {
            TemplateFunction callable => callable.Call(given),
            Undefined missing => throw new TemplateFault($"{missing.What}, and can't be called"),
            _ => throw new TemplateFault($"a {Kinds.Of(called)} can't be called"),
        };
    }
}
