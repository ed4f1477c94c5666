namespace LowRank.Training.Templates.Syntax;

/// <summary>Comparisons, each with the value before it: <c>a &lt; b &lt; c</c>.</summary>
internal sealed class CompareExpression(int offset, Expression first, IReadOnlyList<(string Sign, Expression Value)> others)
    : Expression(offset)
{
    protected override object? Compute(Rendering rendering)
    {
        var left = Part(first, rendering);
        foreach (var (sign, value) in others)
        {
            var right = Part(value, rendering);
            if (!Operators.Compare(sign, left, right))
                return false;
            left = right;
        }

        return true;
    }
}
