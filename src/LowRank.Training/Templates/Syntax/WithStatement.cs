namespace LowRank.Training.Templates.Syntax;

/// <summary><c>with name = value</c>: names for a part of the template.</summary>
internal sealed class WithStatement(int offset, IReadOnlyList<(Target Target, Expression Value)> names, IReadOnlyList<Statement> body)
    : Statement(offset)
{
    protected override Flow Do(Rendering rendering)
    {
        var scope = new Scope(rendering.Names);
        foreach (var (target, value) in names)
            target.Set(scope, value.Evaluate(rendering), rendering);
        return rendering.Within(scope, () => RunAll(body, rendering));
    }
}
