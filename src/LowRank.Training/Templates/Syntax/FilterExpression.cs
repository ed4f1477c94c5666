using LowRank.Training.Templates.Filters;

namespace LowRank.Training.Templates.Syntax;

/// <summary><c>value | filter(…)</c>.</summary>
internal sealed class FilterExpression(int offset, Expression value, string name, CallArguments arguments) : Expression(offset)
{
    protected override object? Compute(Rendering rendering) => Apply(Part(value, rendering), rendering);

    private object? Apply(object? of, Rendering rendering)
    {
        var given = arguments.Evaluate(rendering, of, hasFirst: true);
        rendering.At = Offset;
        return FilterTable.Find(name)!(given, rendering.Budget);
    }
}
