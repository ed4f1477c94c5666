namespace LowRank.Training.Templates.Syntax;

/// <summary>Two values with a sign of arithmetic between them, or <c>~</c>.</summary>
internal sealed class BinaryExpression(int offset, string sign, Expression left, Expression right) : Expression(offset)
{
    protected override object? Compute(Rendering rendering)
    {
        var first = Part(left, rendering);
        var second = Part(right, rendering);
        return sign == "~"
            ? Operators.Concatenate(PythonText.Of(first), PythonText.Of(second), rendering.Budget)
            : Operators.Join(sign, first, second, rendering.Budget);
    }
}
