using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Syntax;

/// <summary><c>-value</c> or <c>+value</c>.</summary>
internal sealed class SignExpression(int offset, Expression value, bool isMinus) : Expression(offset)
{
    protected override object? Compute(Rendering rendering)
    {
        var of = Part(value, rendering);
        if (of is Undefined missing)
            throw new TemplateFault(missing.What);
        if (!Numbers.TryReal(of, out _))
            throw new TemplateFault($"a {Kinds.Of(of)} has no sign");
        return of is double real ? (isMinus ? -real : real) : Operators.Join(isMinus ? "-" : "+", 0L, of, rendering.Budget);
    }
}
