using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Syntax;

/// <summary><c>for</c>. Every element has a scope of its own: what is set in it is gone with it.</summary>
internal sealed class ForStatement(
    int offset,
    Target target,
    Expression items,
    Expression? condition,
    IReadOnlyList<Statement> body,
    IReadOnlyList<Statement> otherwise
) : Statement(offset)
{
    protected override Flow Do(Rendering rendering)
    {
        var all = Sequences.All(items.Evaluate(rendering), rendering.Budget);
        if (condition is not null)
            all = [.. all.Where(item => Fits(item, rendering))];
        if (all.Count == 0)
            return RunAll(otherwise, rendering);
        for (var loop = new LoopState(all); loop.Index < all.Count; loop.Index++)
        {
            if (RunOne(all[loop.Index], loop, rendering) == Flow.Break)
                break;
        }

        return Flow.Next;
    }

    private Flow RunOne(object? item, LoopState loop, Rendering rendering)
    {
        rendering.Step(Offset);
        var scope = new Scope(rendering.Names);
        target.Set(scope, item, rendering);
        scope.Set("loop", loop);
        return rendering.Within(scope, () => RunAll(body, rendering));
    }

    private bool Fits(object? item, Rendering rendering)
    {
        var scope = new Scope(rendering.Names);
        target.Set(scope, item, rendering);
        return rendering.Within(scope, () => Sequences.IsTrue(condition!.Evaluate(rendering)));
    }
}
