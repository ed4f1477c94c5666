namespace LowRank.Training.Templates.Syntax;

/// <summary><c>if</c>, <c>elif</c>, <c>else</c>.</summary>
internal sealed class IfStatement(
    int offset,
    IReadOnlyList<(Expression Condition, IReadOnlyList<Statement> Body)> branches,
    IReadOnlyList<Statement> otherwise
) : Statement(offset)
{
    protected override Flow Do(Rendering rendering)
    {
        foreach (var (condition, body) in branches)
        {
            if (Sequences.IsTrue(condition.Evaluate(rendering)))
                return RunAll(body, rendering);
        }

        return RunAll(otherwise, rendering);
    }
}
