namespace LowRank.Training.Templates.Syntax;

/// <summary><c>and</c> or <c>or</c>, whose value is that of the side that decides.</summary>
internal sealed class LogicExpression(int offset, bool isAnd, Expression left, Expression right) : Expression(offset)
{
    protected override object? Compute(Rendering rendering)
    {
        var first = left.Evaluate(rendering);
        return Sequences.IsTrue(first) == isAnd ? right.Evaluate(rendering) : first;
    }
}
