namespace LowRank.Training.Templates.Syntax;

/// <summary><c>value[key]</c>.</summary>
internal sealed class ItemExpression(int offset, Expression value, Expression key) : Expression(offset)
{
    protected override object? Compute(Rendering rendering)
    {
        var of = Part(value, rendering);
        return Members.Item(of, Part(key, rendering), rendering.Budget);
    }
}
