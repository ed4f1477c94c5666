namespace LowRank.Training.Templates.Syntax;

/// <summary><c>set name = value</c>.</summary>
internal sealed class SetStatement(int offset, Target target, Expression value) : Statement(offset)
{
    protected override Flow Do(Rendering rendering)
    {
        target.Set(rendering.Names, value.Evaluate(rendering), rendering);
        return Flow.Next;
    }
}
