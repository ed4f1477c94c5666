namespace LowRank.Training.Templates.Syntax;

/// <summary><c>value.name</c>.</summary>
internal sealed class MemberExpression(int offset, Expression value, string name) : Expression(offset)
{
    public Expression Value => value;

    public string Name => name;

    protected override object? Compute(Rendering rendering) => Members.Attribute(Part(value, rendering), name, rendering.Budget);
}
