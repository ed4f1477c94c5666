using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Syntax;

/// <summary>A list or a tuple of expressions.</summary>
internal sealed class ListExpression(int offset, IReadOnlyList<Expression> items, bool isTuple) : Expression(offset)
{
    public IReadOnlyList<Expression> Items => items;

    public bool IsTuple => isTuple;

    protected override object? Compute(Rendering rendering)
    {
        rendering.Budget.MakeItems(items.Count);
        return new TemplateList([.. items.Select(item => item.Evaluate(rendering))], isTuple);
    }
}
