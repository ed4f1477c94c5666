namespace LowRank.Training.Templates.Syntax;

/// <summary><c>not value</c>.</summary>
internal sealed class NotExpression(int offset, Expression value) : Expression(offset)
{
    protected override object? Compute(Rendering rendering) => !Sequences.IsTrue(value.Evaluate(rendering));
}
