namespace LowRank.Training.Templates.Syntax;

/// <summary><c>value[start:stop:step]</c>.</summary>
internal sealed class SliceExpression(int offset, Expression value, Expression? start, Expression? stop, Expression? step)
    : Expression(offset)
{
    protected override object? Compute(Rendering rendering)
    {
        var of = Part(value, rendering);
        return Members.Slice(of, Bound(start, rendering), Bound(stop, rendering), Bound(step, rendering), rendering.Budget);
    }

    private object? Bound(Expression? bound, Rendering rendering) => bound is null ? null : Part(bound, rendering);
}
