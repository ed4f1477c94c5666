namespace LowRank.Training.Templates.Syntax;

/// <summary>
/// What stands between <c>set</c> and <c>endset</c>, or <c>filter</c> and <c>endfilter</c>: text that goes through filters.
/// </summary>
/// <param name="offset">Where in the template's text it is.</param>
/// <param name="target">What is set; null where the text is written.</param>
/// <param name="filtered">The filters over a name that stands for the text; null for none.</param>
/// <param name="body">What makes the text.</param>
internal sealed class BlockStatement(int offset, Target? target, Expression? filtered, IReadOnlyList<Statement> body) : Statement(offset)
{
    /// <summary>The name that stands for the text, which no template can write.</summary>
    public const string Body = "(body)";

    protected override Flow Do(Rendering rendering)
    {
        object? value = rendering.Capture(() => rendering.Within(new Scope(rendering.Names), () => RunAll(body, rendering)));
        if (filtered is not null)
        {
            var scope = new Scope(rendering.Names);
            scope.Set(Body, value);
            value = rendering.Within(scope, () => filtered.Evaluate(rendering));
        }

        if (target is null)
            rendering.Write(PythonText.Of(value));
        else
            target.Set(rendering.Names, value, rendering);
        return Flow.Next;
    }
}
