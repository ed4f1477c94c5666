namespace LowRank.Training.Templates.Syntax;

/// <summary><c>{{ value }}</c>.</summary>
internal sealed class OutputStatement(int offset, Expression value) : Statement(offset)
{
    protected override Flow Do(Rendering rendering)
    {
        rendering.Write(PythonText.Of(value.Evaluate(rendering)));
        return Flow.Next;
    }
}
