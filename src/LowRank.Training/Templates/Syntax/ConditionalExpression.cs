using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Syntax;

/// <summary><c>value if condition else other</c>.</summary>
internal sealed class ConditionalExpression(int offset, Expression condition, Expression value, Expression? other) : Expression(offset)
{
    protected override object? Compute(Rendering rendering) =>
        Sequences.IsTrue(condition.Evaluate(rendering)) ? value.Evaluate(rendering)
        : other is null ? new Undefined("the condition of an 'if' without 'else' is false, so it has no value")
        : other.Evaluate(rendering);
}
